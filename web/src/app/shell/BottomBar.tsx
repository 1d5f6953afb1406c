import { UnstyledButton } from "@mantine/core";
import { Search } from "lucide-react";
import { useTexts } from "../../texts/Texts.tsx";
import { PAGES, SETTINGS } from "./pages.ts";
import { Entry } from "./SideBar.tsx";
import classes from "./shell.module.css";

/** The pages at thumb's reach, below 640 px. */
export function BottomBar({ search }: { search: () => void }) {
  const { t } = useTexts();
  return (
    <nav className={classes.bar} aria-label={t("app.pages")}>
      {PAGES.map((page) => (
        <Entry key={page.to} {...page} />
      ))}
      <UnstyledButton className={classes.item} onClick={search}>
        <Search size={16} aria-hidden />
        {t("palette.open")}
      </UnstyledButton>
      <Entry {...SETTINGS} />
    </nav>
  );
}
