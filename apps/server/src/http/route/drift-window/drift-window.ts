import { driftWindow, driftWindowPage, driftWindowStatus } from "@scouter/contracts";
import { z } from "zod";
import { errors } from "../../../errors.ts";
import { requireOnEntity } from "../../guard/request-principal.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";

const query = z.object({
  /** The profile's. */
  uid: z.string().min(1),
  status: driftWindowStatus.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  cursor: z.string().min(1).optional(),
});

const windowPath = z.object({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });

/** `GET /scouter/v2/drift/windows`: the ledger of a profile's windows, newest first; and a second chance for one. */
export function driftWindowRoutes(app: JsonRoutes, { database, profileSpaces }: ApiParts): void {
  app.get(
    "/scouter/v2/drift/windows",
    { schema: { tags: ["drift"], querystring: query, response: { 200: driftWindowPage } } },
    async (request) => {
      const { uid, ...page } = request.query;
      await requireOnEntity(request, "read", () => profileSpaces.ofAll([uid]));
      const { items, nextCursor } = await database.driftWindows.list({ profileUid: uid, ...page });
      return { items: [...items], next_cursor: nextCursor };
    },
  );

  app.post(
    "/scouter/v2/drift/windows/:id/rerun",
    { schema: { tags: ["drift"], params: windowPath, response: { 200: driftWindow } } },
    async (request) => {
      const { id } = request.params;
      const found = await database.driftWindows.get(id);
      await requireOnEntity(request, "write", async () =>
        found === undefined ? [] : profileSpaces.ofAll([found.profile_uid]),
      );
      if (found === undefined) throw errors.SERVER_DRIFT_WINDOW_UNKNOWN({ id });
      const isDue = await database.driftWindows.rerun(id);
      const window = await database.driftWindows.get(id);
      if (isDue && window !== undefined) return window;
      const { status } = window ?? found;
      if (status === "failed") throw errors.SERVER_DRIFT_WINDOW_ARCHIVED({ id });
      throw errors.SERVER_DRIFT_WINDOW_NOT_FAILED({ id, status });
    },
  );
}
