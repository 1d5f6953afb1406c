/** The colours a chart is drawn in; the palette keeps apart for every usual kind of colour blindness. */
export type Look = {
  dark: boolean;
  ink: string;
  soft: string;
  line: string;
  surface: string;
  palette: readonly string[];
};

/* Blue, orange, bluish green, sky, purple, yellow, vermilion: after Okabe and Ito, lighter on dark ground. */
const LIGHT = ["#4551c9", "#c2500b", "#00775a", "#2b87b8", "#a4508b", "#8f7400", "#6b6d78"];
const DARK = ["#8f98f0", "#f0925a", "#3fc8a0", "#6cc1ee", "#df92c5", "#e3c84f", "#a5a7b3"];

export function lookOf(dark: boolean): Look {
  return dark
    ? { dark, ink: "#e9e9ee", soft: "#9c9eab", line: "#292a30", surface: "#101113", palette: DARK }
    : { dark, ink: "#1b1c22", soft: "#5d5f6b", line: "#e7e7ec", surface: "#ffffff", palette: LIGHT };
}
