import { Menu, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Check, ChevronsUpDown } from "lucide-react";
import { me } from "../../api/queries.ts";
import { useTexts } from "../../texts/Texts.tsx";
import { useLeaving, useSwitching } from "./session.ts";
import classes from "./shell.module.css";

/** Which workspace one looks at, the others one may look at, and the way out. */
export function WorkspaceMenu() {
  const { t, format } = useTexts();
  const { data } = useQuery(me);
  const switchTo = useSwitching();
  const leave = useLeaving();
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <UnstyledButton
          className={classes.workspace}
          aria-label={t("workspace.change", { name: data?.workspace ?? "Sightline" })}
        >
          <img src="/icon.svg" alt="" className={classes.mark} />
          <span className={`${classes.label} cut`}>{data?.workspace ?? "Sightline"}</span>
          <ChevronsUpDown size={14} aria-hidden className={`${classes.label} soft`} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {data?.workspaces.map((one) => (
          <Menu.Item
            key={one.name}
            onClick={() => switchTo(one.name)}
            rightSection={one.name === data.workspace && <Check size={14} aria-hidden />}
          >
            {one.name}
            {one.clock === "standing" && (
              <div className="soft">{t("clock.standing", { day: format.day(one.now) })}</div>
            )}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {data && <Menu.Label>{t("signedin.as", { name: data.name })}</Menu.Label>}
        <Menu.Item onClick={leave}>{t("signout")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
