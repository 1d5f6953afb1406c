import { useTexts } from "../../texts/Texts.tsx";

/** Instead of a choice among those who may answer, where there is nobody yet. */
export function NobodyAnswers() {
  const { t } = useTexts();
  return (
    <p>
      {t("settings.people.nobody")} <code>sightline users add NAME --role operator</code>
    </p>
  );
}
