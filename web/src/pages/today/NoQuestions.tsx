import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Telescope } from "lucide-react";
import { Empty } from "../../parts/Empty.tsx";
import { useTexts } from "../../texts/Texts.tsx";

/** The first visit: nothing has been asked yet, or nothing trained. */
export function NoQuestions({ any }: { any: boolean }) {
  const { t } = useTexts();
  const ask = (
    <Button variant={any ? "filled" : "default"} renderRoot={(props) => <Link to="/ask" {...props} />}>
      {t("today.empty.start.ask")}
    </Button>
  );
  return (
    <Empty
      title={t(any ? "today.empty.train" : "today.empty.start")}
      icon={<Telescope size={22} aria-hidden />}
      actions={
        <>
          {!any && (
            <Button renderRoot={(props) => <Link to="/import" {...props} />}>
              {t("today.empty.start.import")}
            </Button>
          )}
          {ask}
        </>
      }
    >
      {t(any ? "today.empty.train.text" : "today.empty.start.text")}
    </Empty>
  );
}
