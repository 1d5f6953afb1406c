import { Page } from "../../parts/Page.tsx";
import { useTexts } from "../../texts/Texts.tsx";

export function Import() {
  const { t } = useTexts();
  return <Page title={t("import.title")}>{null}</Page>;
}
