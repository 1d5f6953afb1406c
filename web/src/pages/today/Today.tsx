import { Page } from "../../parts/Page.tsx";
import { useTexts } from "../../texts/Texts.tsx";

export function Today() {
  const { t } = useTexts();
  return <Page title={t("today.title")}>{null}</Page>;
}
