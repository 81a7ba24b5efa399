import { discardRecordsReply, discardRecordsRequest } from "@scouter/contracts";
import { errors } from "../../../errors.ts";
import { requireOnEntity } from "../../guard/request-principal.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";

/** For records that were given up and are not worth another try: the alert that counts them lets them go. */
export function discardRoute(app: JsonRoutes, { database, profileSpaces }: ApiParts): void {
  const response = { 200: discardRecordsReply };
  app.post(
    "/scouter/v2/evaluations/discard",
    { schema: { tags: ["agent evaluation"], body: discardRecordsRequest, response } },
    async (request) => {
      const { profile_uid: profileUid, record_uid: recordUid } = request.body;
      await requireOnEntity(request, "write", () => profileSpaces.ofAll([profileUid]));
      if ((await database.profiles.byUid(profileUid)) === undefined) {
        throw errors.SERVER_PROFILE_NOT_FOUND({ which: `uid ${profileUid}` });
      }
      const records = await database.evalRecords.discard({
        profileUid,
        recordUid: recordUid ?? undefined,
      });
      return { records };
    },
  );
}
