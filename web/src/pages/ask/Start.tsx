import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { MessageCircleQuestionMark } from "lucide-react";
import { Empty } from "../../parts/Empty.tsx";
import { useTexts } from "../../texts/Texts.tsx";

/** Nothing was imported yet: there is nothing to ask about. */
export function Start() {
  const { t } = useTexts();
  return (
    <Empty
      title={t("ask.empty")}
      icon={<MessageCircleQuestionMark size={20} />}
      actions={
        <Button renderRoot={(props) => <Link to="/import" {...props} />}>{t("ask.empty.import")}</Button>
      }
    >
      {t("ask.empty.text")}
    </Empty>
  );
}
