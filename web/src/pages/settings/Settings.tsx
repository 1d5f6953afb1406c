import { Page } from "../../parts/Page.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { Account } from "./Account.tsx";
import { Look } from "./Look.tsx";

/** How Sightline looks to one person, and how that person signs in. */
export function Settings() {
  const { t } = useTexts();
  return (
    <Page title={t("settings.title")}>
      <Look />
      <Account />
    </Page>
  );
}
