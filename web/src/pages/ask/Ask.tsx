import { Page } from "../../parts/Page.tsx";
import { useTexts } from "../../texts/Texts.tsx";

export function Ask() {
  const { t } = useTexts();
  return <Page title={t("ask.title")}>{null}</Page>;
}
