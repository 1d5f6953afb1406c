import { Button } from "@mantine/core";
import { CloudOff } from "lucide-react";
import { type ComponentType, use, useEffect, useState } from "react";
import { reached } from "../api/reached.ts";
import { useStore } from "../api/store.ts";
import { useTexts } from "../texts/Texts.tsx";
import { Notice } from "./Empty.tsx";
import { answers, isUnfetched, mendStyles, renew } from "./fetching.ts";

/** What stands in the place of a part that did not arrive. `again` tries once more, and tells whether it is here. */
export type Missed<Props> = ComponentType<{ again: () => Promise<boolean>; part: Props }>;

/** A component that is fetched when it is first shown, and again when that failed. */
export function lazily<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  Missed: Missed<Props> = Unfetched,
) {
  let Part: ComponentType<Props> | null = null;
  let coming: Promise<void> | null = null;
  let failure: unknown = null;

  const attempt = async () => {
    try {
      if (failure !== null) await mendStyles();
      Part = await load();
      failure = null;
    } catch (error) {
      failure = error;
    }
    coming = null;
  };
  const preload = () => {
    coming ??= attempt();
    return coming;
  };

  function Lazy(props: Props) {
    const [, drawn] = useState(0);
    if (Part !== null) return <Part {...props} />;
    if (failure === null) {
      use(preload());
      return null;
    }
    if (!isUnfetched(failure)) throw failure;
    const again = async () => {
      await preload();
      drawn((times) => times + 1);
      return Part !== null;
    };
    return <Missed again={again} part={props} />;
  }
  return Object.assign(Lazy, { preload });
}

/** Says so, and tries by itself: at once, and whenever the server is there again. */
function Unfetched({ again }: { again: () => Promise<boolean> }) {
  const { t } = useTexts();
  const times = useStore(reached);
  const [trying, setTrying] = useState(false);
  const attempt = async () => {
    setTrying(true);
    if (!(await again()) && (await answers())) renew();
    setTrying(false);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the server's return is a reason to try again.
  useEffect(() => {
    void attempt();
  }, [times]);
  return (
    <Notice icon={<CloudOff size={20} />} title={t("failed.unfetched.title")} role="alert">
      {t("failed.unfetched.text")}
      <div className="actions">
        <Button variant="default" loading={trying} onClick={() => void attempt()}>
          {t("failed.again")}
        </Button>
      </div>
    </Notice>
  );
}
