import "@mantine/spotlight/styles.css";
import { useDebouncedValue } from "@mantine/hooks";
import { createSpotlight, Spotlight, type SpotlightActionGroupData } from "@mantine/spotlight";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Box, FileCheck, Keyboard, LogOut, Search } from "lucide-react";
import { useEffect, useState } from "react";
import { questions, search } from "../../api/queries.ts";
import { useTexts } from "../../texts/Texts.tsx";
import { PAGES, SETTINGS } from "./pages.ts";
import { useLeaving } from "./session.ts";

const [store, spotlight] = createSpotlight();
const PAUSE = 120;
const ICON = 16;

/** Where one can go by typing a few letters. */
export default function Palette({ close, keys }: { close: () => void; keys: () => void }) {
  const { t } = useTexts();
  const [query, setQuery] = useState("");
  const actions = useActions(query, keys);
  useEffect(() => spotlight.open(), []);
  return (
    <Spotlight
      store={store}
      shortcut={null}
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={close}
      actions={actions}
      filter={(asked, all) => fitting(asked, all as SpotlightActionGroupData[], t("palette.found"))}
      nothingFound={t("palette.none", { query })}
      scrollable
      maxHeight={420}
      searchProps={{
        leftSection: <Search size={18} aria-hidden />,
        placeholder: t("palette.placeholder"),
        "aria-label": t("palette.label"),
      }}
    />
  );
}

/** Groups whose actions hold every word that was typed; what the server found stays as it is. */
export function fitting(
  asked: string,
  groups: SpotlightActionGroupData[],
  kept: string,
): SpotlightActionGroupData[] {
  const words = asked.toLowerCase().split(/\s+/).filter(Boolean);
  return groups
    .map((group) => ({
      ...group,
      actions: group.actions.filter((action) => {
        const text = `${action.label} ${action.description ?? ""}`.toLowerCase();
        return group.group === kept || words.every((word) => text.includes(word));
      }),
    }))
    .filter((group) => group.actions.length > 0);
}

function useActions(query: string, keys: () => void): SpotlightActionGroupData[] {
  const { t } = useTexts();
  const go = useNavigate();
  const leave = useLeaving();
  const [asked] = useDebouncedValue(query, PAUSE);
  const found = useQuery(search(asked));
  const known = useQuery(questions);
  return [
    {
      group: t("palette.pages"),
      actions: [...PAGES, SETTINGS].map(({ to, label, icon: Icon }) => ({
        id: to,
        label: t(label),
        leftSection: <Icon size={ICON} aria-hidden />,
        onClick: () => void go({ to }),
      })),
    },
    {
      group: t("palette.questions"),
      actions: (known.data?.questions ?? []).map(({ name, asks }) => ({
        id: `proof/${name}`,
        label: t("palette.proof", { question: name }),
        description: asks,
        leftSection: <FileCheck size={ICON} aria-hidden />,
        onClick: () => void go({ to: "/proof/$name", params: { name } }),
      })),
    },
    {
      group: t("palette.found"),
      actions: (query ? (found.data?.found ?? []) : []).map(({ ref, kind, key }) => ({
        id: ref,
        label: key,
        description: kind,
        leftSection: <Box size={ICON} aria-hidden />,
        onClick: () => void go({ to: "/subject/$", params: { _splat: ref } }),
      })),
    },
    {
      group: t("palette.commands"),
      actions: [
        {
          id: "keys",
          label: t("keys.open"),
          leftSection: <Keyboard size={ICON} aria-hidden />,
          onClick: keys,
        },
        { id: "leave", label: t("signout"), leftSection: <LogOut size={ICON} aria-hidden />, onClick: leave },
      ],
    },
  ];
}
