import { Button, Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useTexts } from "../texts/Texts.tsx";

type ConfirmProps = {
  opened: boolean;
  title: string;
  /** What will happen, and whether it can be taken back. */
  children: ReactNode;
  /** The word on the button: what is done, not "OK". */
  action: string;
  harmful?: boolean;
  busy?: boolean;
  yes: () => void;
  no: () => void;
};

/** Asks before something that cannot be undone; what can be undone is done at once, with useUndo. */
export function Confirm({ opened, title, children, action, harmful, busy, yes, no }: ConfirmProps) {
  const { t } = useTexts();
  return (
    <Modal
      opened={opened}
      onClose={no}
      title={title}
      closeButtonProps={{ "aria-label": t("close") }}
      centered
    >
      {children}
      <div className="actions" style={{ justifyContent: "flex-end" }}>
        <Button variant="default" onClick={no} data-autofocus>
          {t("cancel")}
        </Button>
        <Button {...(harmful ? { color: "red.9" } : {})} loading={busy ?? false} onClick={yes}>
          {action}
        </Button>
      </div>
    </Modal>
  );
}
