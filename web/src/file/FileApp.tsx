import { MantineProvider } from "@mantine/core";
import { useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { theme, variables } from "../app/theme.ts";
import { Report } from "../pages/proof/Report.tsx";
import { Notice } from "../parts/Empty.tsx";
import { useForeign } from "../parts/Foreign.tsx";
import { Marked } from "../parts/Marked.tsx";
import { Page } from "../parts/Page.tsx";
import { TextsProvider, useTexts } from "../texts/Texts.tsx";
import type { Sheet } from "./sheet.ts";

/** A proof that stands alone: the sections of the app's page without the app around them. */
export function FileApp({ sheet }: { sheet: Sheet | null }) {
  const printing = usePrinting();
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      {...(printing ? { forceColorScheme: "light" as const } : {})}
    >
      <TextsProvider>{sheet === null ? <Nothing /> : <Whole sheet={sheet} />}</TextsProvider>
    </MantineProvider>
  );
}

function Whole({ sheet: { proof, unit } }: { sheet: Sheet }) {
  const { t } = useTexts();
  const foreign = useForeign();
  return (
    <main>
      <Page
        title={proof.asks ?? proof.question}
        lang={foreign(proof.question)}
        lead={<code className="soft">{proof.question}</code>}
      >
        <Report document={proof} unit={unit} shown={(ref) => ref} />
        <footer className="made soft">{t("proof.file.made")}</footer>
      </Page>
    </main>
  );
}

function Nothing() {
  const { t } = useTexts();
  return (
    <main>
      <Notice title={t("proof.title")} level={1}>
        <Marked text={t("proof.file.empty")} />
      </Notice>
    </main>
  );
}

/** Whether it is being put on paper, which is white whatever the screen is. */
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const paper = window.matchMedia("print");
    // At once: the page is copied as soon as the listener returns.
    const changed = () => flushSync(() => setPrinting(paper.matches));
    paper.addEventListener("change", changed);
    return () => paper.removeEventListener("change", changed);
  }, []);
  return printing;
}
