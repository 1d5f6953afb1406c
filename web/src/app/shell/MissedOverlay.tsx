import { notifications } from "@mantine/notifications";
import { useEffect } from "react";
import { useTexts } from "../../texts/Texts.tsx";

type MissedProps = { again: () => Promise<boolean>; part: { close: () => void } };

/** What lies over a page did not arrive: it says so in passing, and the page stays as it is, with what one typed. */
export function MissedOverlay({ again, part }: MissedProps) {
  const { t } = useTexts();
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each opening.
  useEffect(() => {
    void again().then((here) => {
      if (here) return;
      notifications.show({ id: "missed", message: t("failed.unfetched.text"), color: "red" });
      part.close();
    });
  }, []);
  return null;
}
