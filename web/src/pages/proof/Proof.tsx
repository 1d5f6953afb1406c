import { Page } from "../../parts/Page.tsx";
import { useTexts } from "../../texts/Texts.tsx";

export function Proof() {
  const { t } = useTexts();
  return <Page title={t("proof.title")}>{null}</Page>;
}
