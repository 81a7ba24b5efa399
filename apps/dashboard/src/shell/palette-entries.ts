import type { ProfileSummary } from "@scouter/contracts";
import type { IconName } from "../icon/icon.tsx";
import { destinations } from "./destinations.ts";

/** Something that the palette can go to. */
export interface PaletteEntry {
  readonly key: string;
  readonly label: string;
  readonly hint: string;
  readonly icon: IconName;
  /** A path of this app, without search. */
  readonly path: string;
}

const TRACE_ID = /^[0-9a-f]{32}$/i;
const MAX_ENTRIES = 12;

/** Pages and profiles that fit every word typed; a trace by its id. */
export function paletteEntries(
  typed: string,
  profiles: readonly ProfileSummary[],
): readonly PaletteEntry[] {
  const text = typed.trim();
  if (TRACE_ID.test(text)) {
    const id = text.toLowerCase();
    return [{ key: id, label: `Trace ${id}`, hint: "open", icon: "traces", path: `/traces/${id}` }];
  }
  const words = text.toLowerCase().split(/\s+/);
  const fits = ({ label, hint }: PaletteEntry) =>
    words.every((word) => `${label} ${hint}`.toLowerCase().includes(word));
  return [...pages, ...profiles.map(profileEntry)].filter(fits).slice(0, MAX_ENTRIES);
}

const pages = destinations.map(({ to, label, icon }): PaletteEntry => ({
  key: to,
  label,
  hint: "page",
  icon,
  path: to,
}));

function profileEntry({ uid, space, name, version, drift_type }: ProfileSummary): PaletteEntry {
  const isAgent = drift_type === "Agent";
  return {
    key: uid,
    label: `${space}/${name}/${version}`,
    hint: `${drift_type} profile`,
    icon: isAgent ? "evaluations" : "drift",
    path: `/${isAgent ? "evaluations" : "drift"}/${uid}`,
  };
}
