import { alertExplanation } from "@scouter/contracts";
import { z } from "zod";
import { explainAlert } from "../../../alerts/explain-alert.ts";
import { windowDistribution } from "../../../drift/window-distribution.ts";
import { errors } from "../../../errors.ts";
import { requireIn } from "../../guard/request-principal.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";
import { rowId } from "../../query/period.ts";

/** Windows shown on either side of the explained one. */
const WINDOWS_AROUND = 5;

/** `GET /scouter/v2/alerts/{id}/explanation`: what an alert stands on, in the window that opened it or the newest one. */
export function alertExplanationRoutes(
  app: JsonRoutes,
  { database, observedWindows }: ApiParts,
): void {
  app.get(
    "/scouter/v2/alerts/:id/explanation",
    {
      schema: {
        tags: ["alerts"],
        params: z.object({ id: rowId }),
        querystring: z.object({ window: z.enum(["opened", "newest"]).default("opened") }),
        response: { 200: alertExplanation },
      },
    },
    async (request) => {
      const { id } = request.params;
      const entry = await database.alerts.entry(id);
      if (entry === undefined) throw errors.SERVER_ALERT_NOT_FOUND({ id });
      requireIn(request, "read", entry.profile.space);
      const isOpening = request.query.window === "opened";
      const windowId = isOpening ? entry.firstWindowId : entry.lastWindowId;
      const details = windowId === null ? undefined : await database.driftBoard.window(windowId);
      if (details === undefined) throw errors.SERVER_ALERT_WINDOW_GONE({ id });
      const [distribution, around] = await Promise.all([
        windowDistribution(details, entry.feature, observedWindows),
        database.driftBoard.featureAround({
          profileUid: entry.profile.uid,
          feature: entry.feature,
          windowId: details.window.id,
          each: WINDOWS_AROUND,
        }),
      ]);
      return explainAlert(entry, distribution, around);
    },
  );
}
