import type { IconName } from "../icon/icon.tsx";

export interface Destination {
  readonly to: "/" | "/traces" | "/evaluations" | "/runs" | "/drift" | "/alerts" | "/settings";
  readonly label: string;
  readonly icon: IconName;
}

/** The rail and the command palette, in this order. */
export const destinations: readonly Destination[] = [
  { to: "/", label: "Overview", icon: "overview" },
  { to: "/traces", label: "Traces", icon: "traces" },
  { to: "/evaluations", label: "Evaluations", icon: "evaluations" },
  { to: "/runs", label: "Offline runs", icon: "evaluator" },
  { to: "/drift", label: "Drift", icon: "drift" },
  { to: "/alerts", label: "Alerts", icon: "alerts" },
  { to: "/settings", label: "Settings", icon: "settings" },
];
