import { Link, Outlet, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { Icon } from "../icon/icon.tsx";
import { PAGE_HEADING_ID } from "../page/page-heading.ts";
import { RangePicker } from "../time/range-picker.tsx";
import { CommandPalette } from "./command-palette.tsx";
import { destinations } from "./destinations.ts";
import { LiveSwitch } from "./live-switch.tsx";
import { PersonMenu } from "./person-menu.tsx";
import { ServiceSwitch, SpaceSwitch } from "./place-switches.tsx";
import { SchemeToggle } from "./scheme-toggle.tsx";
import "./shell.css";

/** What stands around every page: rail, switches, time range. */
export function Shell() {
  useFocusOnNavigation();
  return (
    <div className="shell">
      <a className="skip-link" href="#page">
        Skip to the page
      </a>
      <header className="shell-bar">
        <div className="shell-group">
          <SpaceSwitch />
          <ServiceSwitch />
        </div>
        <div className="shell-group">
          <CommandPalette />
          <RangePicker />
          <LiveSwitch />
          <SchemeToggle />
          <PersonMenu />
        </div>
      </header>
      <nav className="shell-rail" aria-label="Pages">
        <Link to="/" className="shell-brand">
          <img src="/icon.svg" alt="" width={22} height={22} /> <span>Scouter</span>
        </Link>
        {destinations.map(({ to, label, icon }) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact: to === "/", includeSearch: false }}
            className="shell-link"
          >
            <Icon name={icon} /> <span>{label}</span>
          </Link>
        ))}
      </nav>
      <main id="page" className="shell-page" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}

/** Links change the page without a reload: the focus has to be told, the first load excepted. */
function useFocusOnNavigation(): void {
  const router = useRouter();
  useEffect(
    () =>
      router.subscribe("onRendered", ({ fromLocation, pathChanged }) => {
        if (fromLocation === undefined || !pathChanged) return;
        const heading = document.getElementById(PAGE_HEADING_ID) ?? document.getElementById("page");
        heading?.focus({ preventScroll: true });
      }),
    [router],
  );
}
