import type { AttentionItem, AttentionSeverity } from "@scouter/contracts";
import type { Search } from "../../url/search.ts";

/** A page of this app. */
export interface Place {
  readonly path: string;
  readonly search: Search;
}

/** The place where an item is seen, as exactly as the item knows it. */
export function placeOf({ kind, profile, target }: AttentionItem): Place {
  const page = `/${profile.kind === "Agent" ? "evaluations" : "drift"}/${profile.uid}`;
  switch (kind) {
    case "alert":
      return target.alert_id === null
        ? { path: "/alerts", search: { profile: profile.uid } }
        : { path: `/alerts/${String(target.alert_id)}`, search: {} };
    case "undelivered-alerts":
      return { path: "/alerts", search: { profile: profile.uid } };
    case "failed-windows":
      return {
        path: `/drift/${profile.uid}`,
        search: target.window_id === null ? {} : { window: String(target.window_id) },
      };
    case "dead-records":
      return target.record_uid === null
        ? { path: `/evaluations/${profile.uid}`, search: { status: "Failed" } }
        : {
            path: `/evaluations/${profile.uid}/records/${encodeURIComponent(target.record_uid)}`,
            search: {},
          };
    case "schedule-error":
      return { path: "/drift", search: { kind: profile.kind } };
    case "no-data":
      return { path: page, search: {} };
  }
}

/** Worst first; items of one weight stay in the order of the server, which is the newest first. */
export function worstFirst(items: readonly AttentionItem[]): readonly AttentionItem[] {
  const order: readonly AttentionSeverity[] = ["critical", "warning", "info"];
  return items.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}
