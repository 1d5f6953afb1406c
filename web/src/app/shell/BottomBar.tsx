import { Menu, UnstyledButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Ellipsis, Search } from "lucide-react";
import { useTexts } from "../../texts/Texts.tsx";
import { PAGES, SETTINGS } from "./pages.ts";
import { Entry } from "./SideBar.tsx";
import classes from "./shell.module.css";

/** The pages at thumb's reach, below 640 px. */
export function BottomBar({ search }: { search: () => void }) {
  const { t } = useTexts();
  return (
    <nav className={classes.bar} aria-label={t("app.pages")}>
      {PAGES.filter((page) => page.near).map((page) => (
        <Entry key={page.to} {...page} />
      ))}
      <UnstyledButton className={classes.item} onClick={search}>
        <Search size={16} aria-hidden />
        {t("palette.open")}
      </UnstyledButton>
      <More />
    </nav>
  );
}

/** The pages that one needs less often with the phone in one's hand. */
function More() {
  const { t } = useTexts();
  return (
    <Menu position="top-end" width={200}>
      <Menu.Target>
        <UnstyledButton className={classes.item}>
          <Ellipsis size={16} aria-hidden />
          {t("nav.more")}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {[...PAGES.filter((page) => !page.near), SETTINGS].map(({ to, label, icon: Icon }) => (
          <Menu.Item
            key={to}
            leftSection={<Icon size={16} aria-hidden />}
            renderRoot={(props) => <Link to={to} {...props} />}
          >
            {t(label)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
