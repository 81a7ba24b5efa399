import { driftWindowPage, driftWindowStatus } from "@scouter/contracts";
import { z } from "zod";
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

/** `GET /scouter/v2/drift/windows`: the ledger of a profile's windows, newest first. */
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
}
