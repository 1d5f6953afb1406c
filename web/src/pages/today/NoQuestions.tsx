import { Button, Skeleton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Telescope } from "lucide-react";
import { useImported } from "../../api/work.ts";
import { Empty } from "../../parts/Empty.tsx";
import { useTexts } from "../../texts/Texts.tsx";

/** The first visit: nothing was imported or asked yet, or nothing trained. Packs bring questions before any fact. */
export function NoQuestions({ some }: { some: boolean }) {
  const { t } = useTexts();
  const imported = useImported();
  if (some && imported === undefined) return <Skeleton height={160} mt="md" />;
  const any = some && imported === true;
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
