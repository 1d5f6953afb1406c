import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useTexts } from "../texts/Texts.tsx";
import { explain } from "./Failed.tsx";

/** How long the way back is offered, in milliseconds. */
const OFFERED = 10_000;

export type Done = { message: string; undo: () => Promise<unknown> };

/** Says what was done, with a button that takes it back. */
export function useUndo(): (done: Done) => void {
  const { t } = useTexts();
  return ({ message, undo }) => {
    const id = crypto.randomUUID();
    const back = async () => {
      notifications.hide(id);
      try {
        await undo();
        notifications.show({ message: t("undo.done"), autoClose: 3_000 });
      } catch (error) {
        notifications.show({ message: t("undo.failed", { why: explain(error, t).detail }), color: "red" });
      }
    };
    notifications.show({
      id,
      autoClose: OFFERED,
      closeButtonProps: { "aria-label": t("close") },
      message: (
        <span style={{ display: "flex", alignItems: "center", justifyContent: "space-between", gap: 12 }}>
          {message}
          <Button size="compact-sm" variant="default" onClick={() => void back()}>
            {t("undo")}
          </Button>
        </span>
      ),
    });
  };
}
