import { notifications } from "@mantine/notifications";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { asked, type Narrowed } from "../../api/asked.ts";
import { useMayOperate } from "../../api/rights.ts";
import type { Asked } from "../../api/shapes.ts";
import { useKeys } from "../../app/keys.ts";
import { type Texts, useTexts } from "../../texts/Texts.tsx";
import { AskedList } from "./AskedList.tsx";
import { Detail } from "./Detail.tsx";
import classes from "./inbox.module.css";
import { SelectedBar } from "./SelectedBar.tsx";
import { hasEnded } from "./search.ts";
import type { Act } from "./useAnswer.ts";

type DeskProps = { narrowed: Narrowed; item: string | undefined; narrow: boolean };

/** One list, and what was chosen of it beside it; on a narrow screen one or the other. */
export function Desk({ narrowed, item, narrow }: DeskProps) {
  const { t } = useTexts();
  const may = useMayOperate() && !hasEnded(narrowed.state);
  const found = useInfiniteQuery(asked(narrowed));
  const rows = found.data?.pages.flatMap((page) => page.asked) ?? [];
  const [selected, setSelected] = useState<ReadonlyMap<string, Asked>>(new Map());
  const show = useShow(narrow);
  const [first, forget] = useFirst(rows, narrow);
  const current = item ?? first;
  const leave = () => (selected.size > 0 ? setSelected(new Map()) : narrow && show(undefined));
  useKeys({ Escape: leave });
  const goOn = (act: Act, told: Asked) => {
    // What was given to somebody is still asked, and still looked at.
    if (act.what === "delegate") return;
    const next = narrow ? undefined : neighbour(rows, told.id);
    show(next);
    if (next !== undefined) focusRow(next);
    else forget();
  };
  return (
    <div
      id="asked"
      className={current !== undefined && !narrow && rows.length > 0 ? classes.split : undefined}
    >
      {!(narrow && current !== undefined) && (
        <AskedList
          found={found}
          rows={rows}
          narrowed={narrowed}
          narrow={narrow}
          current={current}
          show={show}
          selected={selected}
          toggle={may ? (row) => setSelected((before) => toggled(before, row)) : undefined}
        />
      )}
      {current !== undefined && (
        <Detail
          key={current}
          id={current}
          listed={rows.find((one) => one.id === current)}
          taken={(act, told) => notifications.show({ message: said(act, told, t), autoClose: 4_000 })}
          goOn={goOn}
          keys={selected.size === 0}
        />
      )}
      <SelectedBar rows={[...selected.values()]} clear={() => setSelected(new Map())} />
    </div>
  );
}

/** Show one of it. On a narrow screen that is another page, to be come back from. */
function useShow(narrow: boolean): (item: string | undefined) => void {
  const go = useNavigate({ from: "/inbox" });
  return (item) =>
    void go({
      search: ({ item: _before, ...rest }) => ({ ...rest, ...(item !== undefined && { item }) }),
      replace: !narrow || item === undefined,
      resetScroll: narrow,
    });
}

/** Where there is room the first is shown, and stays: what arrives later does not push it away from under one's hands. */
function useFirst(rows: readonly Asked[], narrow: boolean): [string | undefined, () => void] {
  const [first, setFirst] = useState<string>();
  const found = rows[0]?.id;
  useEffect(() => setFirst((before) => before ?? found), [found]);
  return [narrow ? undefined : first, () => setFirst(undefined)];
}

/** What is looked at after this one: the next, at the end of the list the one before. */
export function neighbour(rows: readonly Pick<Asked, "id">[], id: string): string | undefined {
  const at = rows.findIndex((one) => one.id === id);
  return at < 0 ? rows[0]?.id : (rows[at + 1] ?? rows[at - 1])?.id;
}

/** The answered row leaves the list; the focus goes on before it does. */
function focusRow(id: string): void {
  document.querySelector<HTMLElement>(`[data-row="${id}"]`)?.focus();
}

function said(act: Act, { subject, assignee }: Asked, t: Texts["t"]): string {
  if (act.what !== "delegate") return t(`inbox.done.${act.what}`, { subject });
  return assignee ? t("inbox.done.delegate", { subject, name: assignee }) : t("inbox.done.free", { subject });
}

function toggled(before: ReadonlyMap<string, Asked>, row: Asked): ReadonlyMap<string, Asked> {
  const after = new Map(before);
  if (!after.delete(row.id)) after.set(row.id, row);
  return after;
}
