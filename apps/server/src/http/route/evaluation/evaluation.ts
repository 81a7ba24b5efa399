import {
  evaluationProfilePage,
  evaluationRecordDetail,
  evaluationRecordPage,
  evalRecordStatus,
  passRateChart,
  taskGraph,
  taskOutcome,
} from "@scouter/contracts";
import type { RecordDetails } from "@scouter/database";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { errors } from "../../../errors.ts";
import { may } from "../../../auth/principal.ts";
import { readableProfile, referenceTo } from "../../guard/readable-profile.ts";
import { readableSpaces } from "../../guard/readable-spaces.ts";
import { principalOf, requireIn } from "../../guard/request-principal.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";
import {
  bucketSeconds,
  bucketsQuery,
  filledBuckets,
  nameParameter,
  pageQuery,
  periodOf,
  periodQuery,
  shownPeriod,
} from "../../query/period.ts";
import { addedCounts, NO_TASKS, passRateOf } from "./pass-rate.ts";
import { recordDetail } from "./record-detail.ts";
import { discardRoute } from "./discard-records.ts";
import { againRoute } from "./evaluate-again.ts";
import { resultRoutes } from "./results.ts";
import { tasksInGraph } from "./task-graph.ts";

const tags = ["agent evaluation"];
/** The profile's. */
const uid = nameParameter;

export function evaluationRoutes(app: JsonRoutes, parts: ApiParts): void {
  profileRoute(app, parts);
  passRateRoute(app, parts);
  recordRoutes(app, parts);
  graphRoute(app, parts);
  resultRoutes(app, parts);
  againRoute(app, parts);
  discardRoute(app, parts);
}

function profileRoute(app: JsonRoutes, { evaluatedCharts, clock }: ApiParts): void {
  const querystring = z.object({ ...periodQuery, ...pageQuery, space: nameParameter.optional() });
  app.get(
    "/scouter/v2/evaluations/profiles",
    { schema: { tags, querystring, response: { 200: evaluationProfilePage } } },
    async (request) => {
      const { space, limit, cursor, ...range } = request.query;
      const spaces = readableSpaces(request, space);
      const period = periodOf(range, clock.now());
      const page = await evaluatedCharts.profiles({ spaces, limit, cursor, ...period });
      return {
        ...shownPeriod(period),
        items: page.items.map(({ active, createdAt, records, lastRecordAt, ...row }) => ({
          ...row,
          status: active ? ("active" as const) : ("inactive" as const),
          created_at: createdAt,
          records_evaluated: records,
          ...passRateOf(row.tasks),
          last_record_at: lastRecordAt,
        })),
        next_cursor: page.nextCursor,
      };
    },
  );
}

function passRateRoute(app: JsonRoutes, { database, evaluatedCharts, clock }: ApiParts): void {
  const querystring = z.object({
    uid,
    ...periodQuery,
    ...bucketsQuery,
    task: nameParameter.optional(),
  });
  app.get(
    "/scouter/v2/evaluations/pass-rate",
    { schema: { tags, querystring, response: { 200: passRateChart } } },
    async (request) => {
      const { buckets, task, ...query } = request.query;
      const period = periodOf(query, clock.now());
      const profile = await readableProfile(request, query.uid, database);
      const asked = { profileUid: profile.uid, buckets, task, ...period };
      const counted = await evaluatedCharts.counts(asked);
      const byBucket = new Map(counted.map((row) => [row.bucket, row]));
      const total = counted.reduce((sum, { tasks }) => addedCounts(sum, tasks), NO_TASKS);
      return {
        ...shownPeriod(period),
        profile: referenceTo(profile),
        task: task ?? null,
        bucket_seconds: bucketSeconds(period, buckets),
        buckets: filledBuckets(period, buckets, (bucket) => {
          const { records, tasks } = byBucket.get(bucket) ?? { records: 0, tasks: NO_TASKS };
          return { records, tasks, ...passRateOf(tasks) };
        }),
        total: {
          records: counted.reduce((sum, { records }) => sum + records, 0),
          tasks: total,
          ...passRateOf(total),
        },
      };
    },
  );
}

function recordRoutes(app: JsonRoutes, { database, clock }: ApiParts): void {
  const querystring = z.object({
    uid,
    ...periodQuery,
    ...pageQuery,
    status: evalRecordStatus.optional(),
    /** Of the task, when one is given; else of the record as a whole. */
    outcome: taskOutcome.optional(),
    task: nameParameter.optional(),
  });
  app.get(
    "/scouter/v2/evaluations/records",
    { schema: { tags, querystring, response: { 200: evaluationRecordPage } } },
    async (request) => {
      const { uid: profileUid, start, end, ...filter } = request.query;
      const period = periodOf({ start, end }, clock.now());
      const profile = await readableProfile(request, profileUid, database);
      const asked = { ...filter, ...period, profileUid: profile.uid };
      const { items, nextCursor } = await database.evaluations.records(asked);
      return { ...shownPeriod(period), items: [...items], next_cursor: nextCursor };
    },
  );

  app.get(
    "/scouter/v2/evaluations/records/:uid",
    {
      schema: {
        tags,
        params: z.object({ uid: nameParameter }),
        /** A record's uid is unique within its profile; without this the newest record of the uid is shown. */
        querystring: z.object({ profile_uid: nameParameter.optional() }),
        response: { 200: evaluationRecordDetail },
      },
    },
    async (request) => {
      const { uid: recordUid } = request.params;
      const found = await database.evaluations.details(recordUid, request.query.profile_uid);
      const chosen = readable(request, found);
      if (chosen === undefined) throw errors.SERVER_RECORD_NOT_FOUND({ uid: recordUid });
      return recordDetail(chosen, await database.profiles.byUid(chosen.profile.uid));
    },
  );
}

/** @throws `SERVER_PERMISSION_DENIED` when there are records of this uid, and none of them may be read */
function readable(
  request: FastifyRequest,
  found: readonly RecordDetails[],
): RecordDetails | undefined {
  const principal = principalOf(request);
  const chosen = found.find(({ profile }) => may(principal, "read", profile.space));
  if (chosen === undefined)
    requireIn(request, "read", ...found.map(({ profile }) => profile.space));
  return chosen;
}

function graphRoute(app: JsonRoutes, { database, evaluatedCharts, clock }: ApiParts): void {
  const querystring = z.object({ uid, ...periodQuery });
  app.get(
    "/scouter/v2/evaluations/graph",
    { schema: { tags, querystring, response: { 200: taskGraph } } },
    async (request) => {
      const period = periodOf(request.query, clock.now());
      const profile = await readableProfile(request, request.query.uid, database);
      const asked = { profileUid: profile.uid, ...period };
      const { records, tasks } = await evaluatedCharts.taskTallies(asked);
      return {
        ...shownPeriod(period),
        profile: referenceTo(profile),
        records_evaluated: records,
        ...tasksInGraph(profile, tasks),
      };
    },
  );
}
