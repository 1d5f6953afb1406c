import { useQuery } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import { near } from "../../api/knowledge.ts";
import { Empty } from "../../parts/Empty.tsx";
import { Page } from "../../parts/Page.tsx";
import { RefLink } from "../../parts/RefLink.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./subject.module.css";

/** Nothing goes by that name; perhaps one of these was meant. */
export function Unknown({ kind, name }: { kind: string; name: string }) {
  const { t } = useTexts();
  const { data, isPending } = useQuery(near(kind, name));
  return (
    <Page title={name}>
      <Empty icon={<SearchX size={20} />} title={t("subject.unknown", { ref: `${kind}/${name}` })}>
        {isPending ? t("loading") : t(data?.length ? "subject.unknown.near" : "subject.unknown.none")}
        <ul className={classes.near}>
          {data?.map((one) => (
            <li key={one.ref}>
              <RefLink to={one.ref} />
            </li>
          ))}
        </ul>
      </Empty>
    </Page>
  );
}
