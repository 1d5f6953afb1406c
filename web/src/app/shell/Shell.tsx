import { useQuery } from "@tanstack/react-query";
import { Outlet, useNavigate, useRouter } from "@tanstack/react-router";
import { Suspense, useEffect, useState } from "react";
import { isSignedOut } from "../../api/problem.ts";
import { me } from "../../api/queries.ts";
import { useStore } from "../../api/store.ts";
import { Failed } from "../../parts/Failed.tsx";
import { lazily } from "../../parts/lazily.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { useKeys } from "../keys.ts";
import { live, signedOut } from "../services.ts";
import { BottomBar } from "./BottomBar.tsx";
import { MissedOverlay } from "./MissedOverlay.tsx";
import { SideBar, TopBar } from "./SideBar.tsx";
import { StaleBanner } from "./StaleBanner.tsx";
import { useTurnedBack } from "./session.ts";
import classes from "./shell.module.css";

const Palette = lazily(async () => (await import("./Palette.tsx")).default, MissedOverlay);
const KeyMap = lazily(async () => (await import("./KeyMap.tsx")).default, MissedOverlay);

/** What stands around every page: where one is, where one can go, and whether what one sees is fresh. */
export function Shell() {
  const { t } = useTexts();
  const [over, setOver] = useState<"palette" | "keys" | null>(null);
  const out = useSignedOut();
  useLive();
  useTurnedBack();
  useGoing(setOver);
  if (out) return <ToSignIn />;
  const close = () => setOver(null);
  return (
    <div className={classes.shell}>
      <a className="skip" href="#main">
        {t("app.skip")}
      </a>
      <SideBar search={() => setOver("palette")} keys={() => setOver("keys")} />
      <TopBar />
      <main id="main" className={classes.main} tabIndex={-1}>
        <StaleBanner />
        <Content />
      </main>
      <BottomBar search={() => setOver("palette")} />
      <Suspense>
        {over === "palette" && <Palette close={close} keys={() => setOver("keys")} />}
        {over === "keys" && <KeyMap close={close} />}
      </Suspense>
    </div>
  );
}

/** The page; in its place, why it cannot be known who one is: every page needs that. */
function Content() {
  const { data, error, refetch } = useQuery(me);
  if (error && data === undefined) return <Failed error={error} again={() => void refetch()} level={1} />;
  return <Outlet />;
}

/** Leads to the sign-in page once, with the way back to where one was when it became needed. */
function ToSignIn() {
  const router = useRouter();
  useEffect(() => {
    const here = router.latestLocation;
    if (here.pathname === "/sign-in") return;
    void router.navigate({
      to: "/sign-in",
      search: here.href === "/" ? {} : { to: here.href },
      replace: true,
    });
  }, [router]);
  return null;
}

function useSignedOut(): boolean {
  const { error } = useQuery(me);
  return useStore(signedOut) || isSignedOut(error);
}

/** Listen as long as somebody is signed in. */
function useLive(): void {
  const { data } = useQuery(me);
  const known = data !== undefined;
  useEffect(() => {
    if (!known) return;
    live.open();
    return () => live.close();
  }, [known]);
}

function useGoing(show: (over: "palette" | "keys") => void): void {
  const go = useNavigate();
  useKeys({
    "mod+k": () => show("palette"),
    "?": () => show("keys"),
    "g t": () => void go({ to: "/" }),
    "g n": () => void go({ to: "/inbox" }),
    "g p": () => void go({ to: "/playbooks" }),
    "g a": () => void go({ to: "/ask" }),
    "g i": () => void go({ to: "/import" }),
  });
}
