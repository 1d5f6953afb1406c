// Before anything is painted: the chosen colour scheme, so that a dark page does not flash white.
const chosen = localStorage.getItem("sightline.scheme");
const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
document.documentElement.dataset.mantineColorScheme = dark ? "dark" : "light";
document.documentElement.style.background = dark ? "#101113" : "#ffffff";
