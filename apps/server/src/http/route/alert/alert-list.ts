import {
  alertDetail,
  alertItemPage,
  alertStatus,
  driftType,
  type AlertDelivery,
  type AlertEvent,
  type AlertValue,
} from "@scouter/contracts";
import type { AlertEntry, AlertMessage, FeatureInWindow } from "@scouter/database";
import { z } from "zod";
import { alertItemOf } from "../../../alerts/alert-item.ts";
import { cellOf, cellStatusOfWindow, cellWithout } from "../../../drift/feature-figures.ts";
import { errors } from "../../../errors.ts";
import { readableProfile } from "../../guard/readable-profile.ts";
import { readableSpaces } from "../../guard/readable-spaces.ts";
import { requireIn } from "../../guard/request-principal.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";
import {
  nameParameter,
  pageQuery,
  periodOf,
  periodQuery,
  rowId,
  shownPeriod,
} from "../../query/period.ts";

const tags = ["alerts"];
const RECENT_WINDOWS = 60;

/** Alerts of all profiles that the sender may read; `POST` and `PUT /scouter/alerts` are the wire's. */
export function alertListRoutes(app: JsonRoutes, { database, clock }: ApiParts): void {
  const querystring = z.object({
    ...periodQuery,
    ...pageQuery,
    status: alertStatus.optional(),
    kind: driftType.optional(),
    space: nameParameter.optional(),
    /** The profile's. */
    uid: nameParameter.optional(),
  });
  app.get(
    "/scouter/v2/alerts",
    { schema: { tags, querystring, response: { 200: alertItemPage } } },
    async (request) => {
      const { space, uid, start, end, ...asked } = request.query;
      const spaces = readableSpaces(request, space);
      const period = periodOf({ start, end }, clock.now());
      if (uid !== undefined) await readableProfile(request, uid, database);
      const list = { ...asked, ...period, spaces, profileUid: uid };
      const { items, nextCursor } = await database.alerts.list(list);
      return {
        ...shownPeriod(period),
        items: items.map(alertItemOf),
        next_cursor: nextCursor,
      };
    },
  );

  app.get(
    "/scouter/v2/alerts/:id",
    { schema: { tags, params: z.object({ id: rowId }), response: { 200: alertDetail } } },
    async (request) => {
      const { id } = request.params;
      const entry = await database.alerts.entry(id);
      if (entry === undefined) throw errors.SERVER_ALERT_NOT_FOUND({ id });
      requireIn(request, "read", entry.profile.space);
      const [messages, history] = await Promise.all([
        database.alerts.messages(entry),
        database.driftBoard.featureHistory({
          profileUid: entry.profile.uid,
          feature: entry.feature,
          limit: RECENT_WINDOWS,
        }),
      ]);
      return {
        ...alertItemOf(entry),
        timeline: timelineOf(entry),
        deliveries: messages.map(deliveryOf),
        recent_values: history.toReversed().map(valueOf),
      };
    },
  );
}

/** Oldest first. */
function timelineOf(entry: AlertEntry): AlertEvent[] {
  const { openedAt, acknowledgedAt, resolvedAt } = entry;
  const events: AlertEvent[] = [{ at: openedAt, state: "opened", window_id: entry.firstWindowId }];
  if (entry.windows > 1) {
    events.push({
      at: entry.lastWindowEnd,
      state: "ongoing",
      window_id: entry.lastWindowId,
    });
  }
  if (acknowledgedAt !== null) {
    events.push({ at: acknowledgedAt, state: "acknowledged", window_id: null });
  }
  if (resolvedAt !== null) events.push({ at: resolvedAt, state: "resolved", window_id: null });
  return events.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function deliveryOf(message: AlertMessage): AlertDelivery {
  return {
    status: message.status,
    created_at: message.createdAt,
    ended_at: message.endedAt,
    last_error: message.lastError,
    next_attempt_at: message.status === "pending" ? message.dueAt : null,
    attempts: message.deliveries.map(({ detail, ...attempt }) => ({ ...attempt, error: detail })),
  };
}

function valueOf({ windowId, windowEnd, status, feature }: FeatureInWindow): AlertValue {
  const cell = feature === null ? cellWithout(cellStatusOfWindow[status]) : cellOf(feature);
  return {
    window_id: windowId,
    window_end: windowEnd,
    status: cell.status,
    value: cell.value,
    threshold: cell.threshold,
  };
}
