import { notifications } from "@mantine/notifications";
import { FileDown } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./import.module.css";

/** Takes a file that is dropped anywhere on the page. */
export function DropVeil({ dropped }: { dropped: (file: File) => void }) {
  const { t } = useTexts();
  const take = (data: DataTransfer) => {
    const entry = data.items[0]?.webkitGetAsEntry?.();
    const file = data.files[0];
    if (entry?.isDirectory || file === undefined) return notifications.show({ message: t("import.folder") });
    if (data.files.length > 1) notifications.show({ message: t("import.one", { name: file.name }) });
    dropped(file);
  };
  const over = useDragged(take);
  if (!over) return null;
  return (
    <div className={classes.veil} aria-hidden>
      <FileDown size={28} />
      {t("import.release")}
    </div>
  );
}

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;

/** Whether something is being dragged over the window; `take` gets what is let go. */
function useDragged(take: (data: DataTransfer) => void): boolean {
  const [over, setOver] = useState(false);
  const taker = useRef(take);
  taker.current = take;
  useEffect(() => {
    let depth = 0;
    const on = (change: number) => (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = Math.max(depth + change, 0);
      setOver(depth > 0);
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      taker.current(event.dataTransfer);
    };
    const ways = { dragenter: on(1), dragover: on(0), dragleave: on(-1), drop } as const;
    const names = Object.keys(ways) as (keyof typeof ways)[];
    for (const name of names) window.addEventListener(name, ways[name]);
    return () => {
      for (const name of names) window.removeEventListener(name, ways[name]);
    };
  }, []);
  return over;
}
