import { driftBacktest, driftBacktestRequest, type JsonObject } from "@scouter/contracts";
import { backtestWindows } from "../../../drift/backtest-windows.ts";
import { objectAt } from "../../../drift/judge-window.ts";
import { errors } from "../../../errors.ts";
import { requireOnEntity } from "../../guard/request-principal.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";
import { checkProfile } from "../profile/read-profile.ts";

const DAY_MS = 86_400_000;

/** `POST /scouter/v2/drift/backtest`: when a profile would have alerted, as it is and with other alert settings. */
export function driftBacktestRoutes(
  app: JsonRoutes,
  { clock, database, observedWindows, profileSpaces, vocabulary }: ApiParts,
): void {
  app.post(
    "/scouter/v2/drift/backtest",
    { schema: { tags: ["drift"], body: driftBacktestRequest, response: { 200: driftBacktest } } },
    async (request) => {
      const { uid, days, alert_config: changes } = request.body;
      await requireOnEntity(request, "read", () => profileSpaces.ofAll([uid]));
      const stored = await database.profiles.byUid(uid);
      if (stored === undefined) throw errors.SERVER_PROFILE_UNKNOWN({ uid, driftType: "drift" });
      const proposed = withAlertConfig(stored.profile, changes);
      await checkProfile(stored.driftType, proposed, vocabulary);
      const endMs = clock.now();
      const range = { startMs: endMs - days * DAY_MS, endMs };
      const run = (profile: JsonObject) =>
        backtestWindows({ ...stored, profile }, range, observedWindows);
      return {
        uid: stored.uid,
        from: new Date(range.startMs).toISOString(),
        to: new Date(endMs).toISOString(),
        current: await run(stored.profile),
        proposed: await run(proposed),
      };
    },
  );
}

function withAlertConfig(profile: JsonObject, changes: JsonObject): JsonObject {
  const config = objectAt(profile, "config");
  const merged = Object.entries({ ...objectAt(config, "alert_config"), ...changes });
  const alert_config = Object.fromEntries(merged.filter(([, value]) => value !== null));
  return { ...profile, config: { ...config, alert_config } };
}
