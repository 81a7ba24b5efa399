import {
  driftDistribution,
  driftGrid,
  driftProfilePage,
  driftType,
  driftWindowDetail,
  type DriftWindowDetail,
} from "@scouter/contracts";
import type { WindowDetails } from "@scouter/database";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { falseAlarmsAMonth } from "../../../drift/backtest-windows.ts";
import {
  cellStatusOfWindow,
  watchedFeatures,
  windowFeature,
  windowFeatureWithout,
} from "../../../drift/feature-figures.ts";
import { windowDistribution } from "../../../drift/window-distribution.ts";
import { errors } from "../../../errors.ts";
import { readableProfile, referenceTo } from "../../guard/readable-profile.ts";
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
import { gridOf } from "./drift-grid.ts";
import { driftProfileOf } from "./drift-profile.ts";

const tags = ["drift"];
const params = z.object({ id: rowId });
const MOST_WINDOWS = 500;

/** What the drift windows of profiles found, for people to look at. */
export function driftBoardRoutes(app: JsonRoutes, parts: ApiParts): void {
  profileRoute(app, parts);
  gridRoute(app, parts);
  windowRoutes(app, parts);
}

function profileRoute(app: JsonRoutes, { database, clock }: ApiParts): void {
  const querystring = z.object({
    ...periodQuery,
    ...pageQuery,
    space: nameParameter.optional(),
    kind: driftType.optional(),
  });
  app.get(
    "/scouter/v2/drift/profiles",
    { schema: { tags, querystring, response: { 200: driftProfilePage } } },
    async (request) => {
      const { space, start, end, ...page } = request.query;
      const spaces = readableSpaces(request, space);
      const nowMs = clock.now();
      const period = periodOf({ start, end }, nowMs);
      const found = await database.driftBoard.profiles({ spaces, ...page, ...period });
      return {
        ...shownPeriod(period),
        items: found.items.map((row) => driftProfileOf(row, nowMs)),
        next_cursor: found.nextCursor,
      };
    },
  );
}

function gridRoute(app: JsonRoutes, { database, clock }: ApiParts): void {
  const querystring = z.object({
    /** The profile's. */
    uid: nameParameter,
    ...periodQuery,
    /** Windows; the newest of the range. */
    limit: z.coerce.number().int().min(1).max(MOST_WINDOWS).default(60),
    /** `true`: only windows that counted a value or failed, so that quiet hours do not push them out. */
    measured: z.enum(["true", "false"]).default("false"),
  });
  app.get(
    "/scouter/v2/drift/grid",
    { schema: { tags, querystring, response: { 200: driftGrid } } },
    async (request) => {
      const { uid, limit, measured, ...range } = request.query;
      const nowMs = clock.now();
      const period = periodOf(range, nowMs);
      const profile = await readableProfile(request, uid, database);
      const asked = {
        profileUid: profile.uid,
        limit: limit + 1,
        measuredOnly: measured === "true",
        ...period,
      };
      const windows = await database.driftBoard.windows(asked);
      return {
        ...shownPeriod(period),
        profile: referenceTo(profile),
        expected_false_alarms_month: falseAlarmsAMonth(profile.driftType, profile.profile, nowMs),
        windows_truncated: windows.length > limit,
        ...gridOf(profile, windows.slice(0, limit)),
      };
    },
  );
}

function windowRoutes(app: JsonRoutes, parts: ApiParts): void {
  app.get(
    "/scouter/v2/drift/windows/:id",
    { schema: { tags, params, response: { 200: driftWindowDetail } } },
    async (request) => detailOf(await readableWindow(request, request.params.id, parts)),
  );

  app.get(
    "/scouter/v2/drift/windows/:id/distribution",
    {
      schema: {
        tags,
        params,
        /** May be left out where the profile watches one feature only. */
        querystring: z.object({ feature: nameParameter.optional() }),
        response: { 200: driftDistribution },
      },
    },
    async (request) => {
      const details = await readableWindow(request, request.params.id, parts);
      const watched = watchedFeatures(details.reference.kind, details.profile);
      const feature = request.query.feature ?? (watched.length === 1 ? watched[0] : undefined);
      if (feature === undefined) {
        throw errors.SERVER_PARAMETER_INVALID({
          problems: `'feature': expected one of the window's features, which has ${watched.length}`,
        });
      }
      return windowDistribution(details, feature, parts.observedWindows);
    },
  );
}

/** @throws `SERVER_PERMISSION_DENIED`, `SERVER_WINDOW_NOT_FOUND` */
async function readableWindow(
  request: FastifyRequest,
  id: number,
  { database }: ApiParts,
): Promise<WindowDetails> {
  const details = await database.driftBoard.window(id);
  if (details === undefined) throw errors.SERVER_WINDOW_NOT_FOUND({ id });
  requireIn(request, "read", details.reference.space);
  return details;
}

function detailOf(details: WindowDetails): DriftWindowDetail {
  const { reference, window, result } = details;
  const features =
    result === null
      ? watchedFeatures(reference.kind, details.profile).map((name) =>
          windowFeatureWithout(name, cellStatusOfWindow[window.status]),
        )
      : result.features.map(windowFeature);
  return {
    ...window,
    profile: reference,
    alerting: details.alerting,
    features: features.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    alerts: [...details.alerts],
    previous_id: details.previousId,
    next_id: details.nextId,
  };
}
