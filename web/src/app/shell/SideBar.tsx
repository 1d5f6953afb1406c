import { Tooltip, UnstyledButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Keyboard, Search } from "lucide-react";
import { useOpenAsked } from "../../api/asked.ts";
import { useStore } from "../../api/store.ts";
import { useTexts } from "../../texts/Texts.tsx";
import { live } from "../services.ts";
import { PAGES, SETTINGS } from "./pages.ts";
import classes from "./shell.module.css";
import { WorkspaceMenu } from "./WorkspaceMenu.tsx";

type SideBarProps = { search: () => void; keys: () => void };

export function SideBar({ search, keys }: SideBarProps) {
  const { t } = useTexts();
  return (
    <nav className={classes.side} aria-label={t("app.pages")}>
      <WorkspaceMenu />
      <UnstyledButton className={`${classes.item} ${classes.search}`} onClick={search}>
        <Search size={15} aria-hidden />
        <span className={classes.label}>{t("palette.open")}</span>
        <kbd aria-hidden>{modifier()}K</kbd>
      </UnstyledButton>
      <div>
        {PAGES.map((page) => (
          <Entry key={page.to} {...page} />
        ))}
      </div>
      <div className={classes.foot}>
        <LiveDot />
        <UnstyledButton className={classes.item} onClick={keys}>
          <Keyboard size={16} aria-hidden />
          <span className={classes.label}>{t("keys.open")}</span>
          <kbd aria-hidden>?</kbd>
        </UnstyledButton>
        <Entry {...SETTINGS} />
      </div>
    </nav>
  );
}

/** ⌘ on a Mac, Ctrl elsewhere. */
export function modifier(): string {
  return navigator.userAgent.includes("Mac") ? "⌘" : "Ctrl ";
}

export function Entry({ to, label, icon: Icon, counts = false }: (typeof PAGES)[number]) {
  const { t, format } = useTexts();
  const open = useOpenAsked(counts);
  const count = open && `${format.number(open.count)}${open.more ? "+" : ""}`;
  return (
    <Link
      to={to}
      className={classes.item ?? ""}
      activeOptions={{ exact: to === "/", includeSearch: false }}
      aria-label={count ? undefined : t(label)}
    >
      <Icon size={16} aria-hidden />
      <span className={classes.label}>{t(label)}</span>
      {count && (
        <span className={classes.count}>
          {count} <span className="seen-by-readers">{t("nav.open")}</span>
        </span>
      )}
    </Link>
  );
}

/** What the side bar says, for narrow screens: where one is, and whether it is fresh. */
export function TopBar() {
  return (
    <header className={classes.top}>
      <WorkspaceMenu />
      <LiveDot />
    </header>
  );
}

function LiveDot() {
  const { t } = useTexts();
  const { state } = useStore(live.link);
  return (
    <Tooltip label={t(`live.explain.${state}`)}>
      <div className={classes.item} role="status">
        <span className={classes.dot} data-state={state} aria-hidden />
        <span className={classes.label}>{t(`live.${state}`)}</span>
        <span className="seen-by-readers">{t(`live.explain.${state}`)}</span>
      </div>
    </Tooltip>
  );
}
