import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Archive, CircleCheck, ListFilter } from "lucide-react";
import { Empty } from "../../parts/Empty.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { type Filter, narrowed } from "./filter.ts";

const ICON = 22;

/** An empty ranking: because of the filter, because nothing was set aside, or because all is well. */
export function NothingHere({ filter }: { filter: Filter }) {
  const { t } = useTexts();
  if (narrowed(filter)) {
    return (
      <Empty
        title={t("today.empty.filter")}
        icon={<ListFilter size={ICON} aria-hidden />}
        actions={
          <Button
            variant="default"
            renderRoot={(props) => <Link to="/" search={cleared(filter)} {...props} />}
          >
            {t("words.clear")}
          </Button>
        }
      >
        {t("today.empty.filter.text")}
      </Empty>
    );
  }
  const [title, text, Icon] =
    filter.view === "aside"
      ? (["today.empty.aside", "today.empty.aside.text", Archive] as const)
      : (["today.empty.none", "today.empty.none.text", CircleCheck] as const);
  return (
    <Empty title={t(title)} icon={<Icon size={ICON} aria-hidden />}>
      {t(text)}
    </Empty>
  );
}

function cleared({ question: _question, verb: _verb, q: _q, ...kept }: Filter): Filter {
  return kept;
}
