import { Page } from "../../parts/Page.tsx";
import { useTexts } from "../../texts/Texts.tsx";

export function Subject() {
  const { t } = useTexts();
  return <Page title={t("subject.title")}>{null}</Page>;
}
