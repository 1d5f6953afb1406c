import { Page } from "../../parts/Page.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { Account } from "./Account.tsx";
import { Chats } from "./Chats.tsx";
import { Duty } from "./Duty.tsx";
import { Hooks } from "./Hooks.tsx";
import { Look } from "./Look.tsx";
import { Routes } from "./Routes.tsx";

/** How Sightline looks to one person and how that person signs in; what the workspace is held to, whom it asks and where, and who posts to it. */
export function Settings() {
  const { t } = useTexts();
  return (
    <Page title={t("settings.title")}>
      <Look />
      <Account />
      <Duty />
      <Routes />
      <Chats />
      <Hooks />
    </Page>
  );
}
