import { SegmentedControl, Switch, Tabs } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import type { Narrowed } from "../../api/asked.ts";
import { me } from "../../api/queries.ts";
import { useRowKeys } from "../../parts/DataTable.tsx";
import { Page } from "../../parts/Page.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { Waiting } from "./AskedList.tsx";
import { Desk } from "./Desk.tsx";
import classes from "./inbox.module.css";
import { ENDED, hasEnded, type InboxSearch } from "./search.ts";

/** Below this, what is asked has a page of its own. */
const NARROW = "(max-width: 900px)";

/** What people are asked: the list, and what is needed to decide about one of it. */
export function Inbox() {
  const { t } = useTexts();
  const search = useSearch({ from: "/shell/inbox" });
  const narrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false });
  const { data } = useQuery(me);
  useRowKeys();
  const state = search.state ?? "open";
  const narrowed: Narrowed = { state, ...(search.mine && data && { assignee: data.name }) };
  const alone = narrow && search.item !== undefined;
  return (
    <Page title={t("inbox.title")} lead={alone ? <Back search={search} /> : <Lead />}>
      {!alone && <Bar search={search} />}
      {search.mine && data === undefined ? (
        <Waiting />
      ) : (
        <Desk key={`${state} ${search.mine}`} narrowed={narrowed} item={search.item} narrow={narrow} />
      )}
    </Page>
  );
}

function Lead() {
  const { t } = useTexts();
  return <p className={`soft ${classes.lead}`}>{t("inbox.lead")}</p>;
}

function Back({ search: { item: _item, ...rest } }: { search: InboxSearch }) {
  const { t } = useTexts();
  return (
    <Link to="/inbox" search={rest} className={classes.back ?? ""}>
      <ArrowLeft size={14} aria-hidden /> {t("inbox.back")}
    </Link>
  );
}

/** Which of it one looks at. */
function Bar({ search }: { search: InboxSearch }) {
  const { t } = useTexts();
  const go = useNavigate({ from: "/inbox" });
  const show = (next: InboxSearch) => void go({ to: "/inbox", search: next, replace: true });
  const mine = search.mine ? { mine: search.mine } : {};
  const view = search.state === undefined ? "open" : hasEnded(search.state) ? "answered" : search.state;
  const chosen = (next: string | null) =>
    show({
      ...mine,
      ...(next === "snoozed" && { state: "snoozed" }),
      ...(next === "answered" && { state: "approved" }),
    });
  return (
    <>
      <Tabs value={view} onChange={chosen}>
        <Tabs.List aria-label={t("inbox.views")} className={classes.tabs ?? ""}>
          {(["open", "snoozed", "answered"] as const).map((name) => (
            <Tabs.Tab key={name} value={name} className={classes.tab ?? ""} aria-controls="asked">
              {t(`inbox.view.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <div className={classes.filters}>
        {view === "answered" && (
          <SegmentedControl
            size="xs"
            aria-label={t("inbox.answered")}
            value={search.state ?? "approved"}
            onChange={(next) => show({ ...mine, ...ended(next) })}
            data={ENDED.map((one) => ({ value: one, label: t(`inbox.state.${one}`) }))}
          />
        )}
        <Switch
          size="xs"
          label={t("inbox.mine")}
          checked={search.mine === "1"}
          onChange={(event) =>
            show({
              ...(search.state && { state: search.state }),
              ...(event.currentTarget.checked && { mine: "1" }),
            })
          }
        />
      </div>
    </>
  );
}

const ended = (value: string): InboxSearch => {
  const state = ENDED.find((one) => one === value);
  return state ? { state } : {};
};
