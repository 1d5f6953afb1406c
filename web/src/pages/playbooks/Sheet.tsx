import { CloseButton, Drawer, Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Failed } from "../../parts/Failed.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./playbooks.module.css";

type SheetProps<Told> = {
  title: string;
  found: UseQueryResult<Told>;
  size: number;
  close: () => void;
  children: (told: Told) => ReactNode;
};

/** A sheet at the side that tells one thing whole: what was found of it, why it cannot be told, or that it is coming. */
export function Sheet<Told>({ title, found, size, close, children }: SheetProps<Told>) {
  const { t } = useTexts();
  // Its own head: that of a drawer is a second banner of the page to readers of the screen.
  return (
    <Drawer.Root opened onClose={close} position="right" size={size}>
      <Drawer.Overlay backgroundOpacity={0.35} />
      <Drawer.Content aria-label={title}>
        <Drawer.Body>
          <div className={classes.sheetHead}>
            <h2>{title}</h2>
            <CloseButton aria-label={t("close")} onClick={close} />
          </div>
          {found.error && !found.data && <Failed error={found.error} again={() => void found.refetch()} />}
          {found.isPending && <Skeleton height={220} />}
          {found.data && children(found.data)}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
