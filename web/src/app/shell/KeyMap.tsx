import { Modal, Title } from "@mantine/core";
import { Fragment } from "react";
import type { Key } from "../../texts/catalogue.ts";
import { useTexts } from "../../texts/Texts.tsx";
import { modifier } from "./SideBar.tsx";
import classes from "./shell.module.css";

type Group = { title: Key; keys: readonly (readonly [string, Key])[] };

const GROUPS: readonly Group[] = [
  {
    title: "keys.group.anywhere",
    keys: [
      ["mod K", "keys.palette"],
      ["?", "keys.map"],
      ["g t", "keys.today"],
      ["g n", "keys.inbox"],
      ["g a", "keys.ask"],
      ["g p", "keys.playbooks"],
      ["g i", "keys.import"],
      ["Esc", "keys.escape"],
    ],
  },
  {
    title: "keys.group.lists",
    keys: [
      ["j", "keys.next"],
      ["k", "keys.previous"],
      ["Enter", "keys.enter"],
      ["Space", "keys.peek"],
      ["x", "keys.select"],
      ["e", "keys.aside"],
      ["/", "keys.filter"],
    ],
  },
  {
    title: "keys.group.inbox",
    keys: [
      ["a", "keys.approve"],
      ["r", "keys.reject"],
      ["s", "keys.snooze"],
      ["d", "keys.delegate"],
      ["e", "keys.edit"],
    ],
  },
];

/** All keys on one sheet. */
export default function KeyMap({ close }: { close: () => void }) {
  const { t } = useTexts();
  return (
    <Modal opened onClose={close} title={t("keys.title")} closeButtonProps={{ "aria-label": t("close") }}>
      {GROUPS.map((group) => (
        <Fragment key={group.title}>
          <Title order={2}>{t(group.title)}</Title>
          <div className={classes.keys}>
            {group.keys.map(([keys, label]) => (
              <Fragment key={label}>
                <span>{t(label)}</span>
                <span>
                  {keys.split(" ").map((key) => (
                    <Fragment key={key}>
                      <kbd>{key === "mod" ? modifier().trim() : key}</kbd>{" "}
                    </Fragment>
                  ))}
                </span>
              </Fragment>
            ))}
          </div>
        </Fragment>
      ))}
    </Modal>
  );
}
