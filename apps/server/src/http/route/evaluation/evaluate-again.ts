import { evaluateAgainReply, evaluateAgainRequest } from "@scouter/contracts";
import { errors } from "../../../errors.ts";
import { requireOnEntity } from "../../guard/request-principal.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";

/** A second chance for records that were given up, or for one that ended. */
export function againRoute(app: JsonRoutes, { database, profileSpaces }: ApiParts): void {
  const response = { 200: evaluateAgainReply };
  app.post(
    "/scouter/v2/evaluations/again",
    { schema: { tags: ["agent evaluation"], body: evaluateAgainRequest, response } },
    async (request) => {
      const { profile_uid: profileUid, record_uid: recordUid } = request.body;
      await requireOnEntity(request, "write", () => profileSpaces.ofAll([profileUid]));
      if ((await database.profiles.byUid(profileUid)) === undefined) {
        throw errors.SERVER_PROFILE_NOT_FOUND({ which: `uid ${profileUid}` });
      }
      const records = await database.evalRecords.again({
        profileUid,
        recordUid: recordUid ?? undefined,
      });
      if (records === 0 && recordUid != null) {
        throw errors.SERVER_RECORD_NOT_ENDED({ uid: recordUid });
      }
      return { records };
    },
  );
}
