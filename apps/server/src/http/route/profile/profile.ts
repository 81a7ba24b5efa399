import {
  driftTypeOf,
  getProfileQuery,
  jsonValue,
  listProfilesRequest,
  profileRequest,
  profileSummary,
  registeredProfileResponse,
  requestedDriftType,
  taggedProfile,
  type DriftTypeWord,
} from "@scouter/contracts";
import type { RegisteredProfile } from "@scouter/database";
import { z } from "zod";
import { errors } from "../../../errors.ts";
import { may } from "../../../auth/principal.ts";
import { principalOf, requireIn, requireOnEntity } from "../../guard/request-principal.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";
import { changedTasks } from "./changed-tasks.ts";
import { nextRuns, readProfile, withDriftType } from "./read-profile.ts";

const done = z.object({ status: z.literal("success"), message: z.string() });
/** With the ends of the next three windows, which a changed schedule moves. */
const replacedReply = done.extend({ next_runs: z.array(z.string()) });

const statusRequest = z.object({
  name: z.string(),
  space: z.string(),
  version: z.string(),
  active: z.boolean(),
  drift_type: requestedDriftType.nullish(),
  deactivate_others: z.boolean().default(false),
});

const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  cursor: z.string().min(1).optional(),
});

const tags = ["profiles"];

export function profileRoutes(app: JsonRoutes, parts: ApiParts): void {
  changeRoutes(app, parts);
  readRoutes(app, parts);
}

function changeRoutes(app: JsonRoutes, parts: ApiParts): void {
  const { database, clock, profileSpaces, vocabulary, logger } = parts;
  app.post(
    "/scouter/profile",
    { schema: { tags, body: profileRequest, response: { 200: registeredProfileResponse } } },
    async (request) => {
      const { body } = request;
      requireIn(request, "write", body.space);
      if (body.version_request == null) {
        throw errors.SERVER_PARAMETER_INVALID({ problems: "version request is required" });
      }
      const { space, name, profile } = await readProfile(body, vocabulary);
      requireIn(request, "write", space);
      const registered = await database.profiles.register({
        space,
        name,
        driftType: body.drift_type,
        profile,
        versionRequest: body.version_request,
        active: body.active,
        deactivateOthers: body.deactivate_others,
      });
      const { version, uid, active } = registered;
      const changed = changedTasks(registered);
      if (changed.length > 0) {
        logger.info(
          { profileUid: uid, changed },
          "tasks mean something else here than where their form is from",
        );
      }
      const next_runs = nextRuns(registered, clock.now());
      const [next_run = null] = next_runs;
      return { space, name, version, uid, status: "success", active, next_run, next_runs };
    },
  );

  app.put(
    "/scouter/profile",
    { schema: { tags, body: profileRequest, response: { 200: replacedReply } } },
    async (request) => {
      const { body } = request;
      requireIn(request, "write", body.space);
      const { uid, space, profile } = await readProfile(body, vocabulary);
      requireIn(request, "write", space);
      await requireOnEntity(request, "write", () => profileSpaces.ofAll([uid]));
      const stored = await database.profiles.byUid(uid);
      // A body of another type would leave a profile that no worker can read.
      const replaced =
        stored?.driftType === body.drift_type
          ? await database.profiles.replace(uid, profile)
          : undefined;
      if (replaced === undefined) throw notFound(`${body.drift_type} with uid '${uid}'`);
      const message = "Drift profile updated successfully";
      const next_runs = nextRuns(replaced, clock.now());
      return { status: "success" as const, message, next_runs };
    },
  );

  app.put(
    "/scouter/profile/status",
    { schema: { tags, body: statusRequest, response: { 200: done } } },
    async (request) => {
      const { body } = request;
      const { name, space, version, active } = body;
      requireIn(request, "write", space);
      await database.profiles.setStatus({
        name,
        space,
        version,
        active,
        driftType: body.drift_type ?? undefined,
        deactivateOthers: body.deactivate_others,
      });
      const message = `Monitor profile status updated to ${active} for ${name} ${space} ${version}`;
      return { status: "success" as const, message };
    },
  );
}

function readRoutes(app: JsonRoutes, { database }: ApiParts): void {
  app.get(
    "/scouter/profile",
    { schema: { tags, querystring: getProfileQuery, response: { 200: taggedProfile } } },
    async (request) => {
      const { space, name, version, drift_type } = request.query;
      requireIn(request, "read", space);
      const driftType = driftTypeOf(drift_type);
      const found = await database.profiles.get({ space, name, version, driftType });
      if (found === undefined) throw notFound(`${drift_type} ${space}/${name}/${version}`);
      return tagged(found, drift_type);
    },
  );

  app.post(
    "/scouter/profiles",
    {
      schema: {
        tags,
        body: listProfilesRequest,
        response: { 200: z.array(z.object({ profile: jsonValue, active: z.boolean() })) },
      },
    },
    async (request) => {
      const { space, name, version } = request.body;
      requireIn(request, "read", space);
      const found = await database.profiles.listVersions(space, name, version);
      if (found.length === 0) throw notFound(`${space}/${name}/${version}`);
      return found.map((profile) => ({ profile: tagged(profile), active: profile.active }));
    },
  );

  app.get(
    "/scouter/v2/profiles",
    {
      schema: {
        tags,
        querystring: pageQuery,
        response: {
          200: z.object({ items: z.array(profileSummary), next_cursor: z.string().nullable() }),
        },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { items, nextCursor } = await database.profiles.list(request.query);
      // A page may so hold fewer than asked for; the cursor goes on all the same.
      const readable = items.filter((item) => may(principal, "read", item.space));
      return { items: readable, next_cursor: nextCursor };
    },
  );
}

/** Externally tagged with the kind, in the word that the client asked with: `{"Agent": {...}}`. */
function tagged({ driftType: kind, profile }: RegisteredProfile, word: DriftTypeWord = kind) {
  return { [word]: withDriftType(profile, word) };
}

function notFound(which: string) {
  return errors.SERVER_PROFILE_NOT_FOUND({ which });
}
