import {
  agentEvalWorkflowResult,
  evalRecord,
  evalRecordPaginationRequest,
  evalTaskResult,
  recordCursor,
  type Page,
} from "@scouter/contracts";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { requireIn, requireOnEntity } from "../../guard/request-principal.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";

const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    has_next: z.boolean(),
    next_cursor: recordCursor.nullable(),
    has_previous: z.boolean(),
    previous_cursor: recordCursor.nullable(),
  });

const tags = ["agent evaluation"];

export function agentRoutes(app: JsonRoutes, parts: ApiParts): void {
  const { database, profileSpaces } = parts;
  app.post(
    "/scouter/agent/page/record",
    {
      schema: { tags, body: evalRecordPaginationRequest, response: { 200: pageOf(evalRecord) } },
    },
    async (request) => {
      await requireRead(request, request.body.service_info, parts);
      return masked(await database.evalRecords.page(request.body));
    },
  );

  app.post(
    "/scouter/agent/page/workflow",
    {
      schema: {
        tags,
        body: evalRecordPaginationRequest,
        response: { 200: pageOf(agentEvalWorkflowResult) },
      },
    },
    async (request) => {
      await requireRead(request, request.body.service_info, parts);
      return masked(await database.evalRecords.workflowPage(request.body));
    },
  );

  app.get(
    "/scouter/agent/task",
    {
      schema: {
        tags,
        querystring: z.object({ record_uid: z.string().min(1) }),
        response: { 200: z.object({ tasks: z.array(evalTaskResult) }) },
      },
    },
    async (request) => {
      const uid = request.query.record_uid;
      await requireOnEntity(request, "read", async () => {
        const records = await database.evalRecords.byUid(uid);
        return profileSpaces.ofAll(records.map((record) => record.entity_uid));
      });
      return { tasks: [...(await database.evalRecords.tasksOf(uid))] };
    },
  );
}

/** The space that the sender names, and the one that the profile belongs to. */
async function requireRead(
  request: FastifyRequest,
  { space, uid }: { readonly space: string; readonly uid: string },
  { profileSpaces }: ApiParts,
): Promise<void> {
  requireIn(request, "read", space);
  await requireOnEntity(request, "read", () => profileSpaces.ofAll([uid]));
}

/** Pages hide which profile a row belongs to, as the wire has it: the asker named the profile. */
function masked<Item extends object>(page: Page<Item>) {
  return {
    ...page,
    items: page.items.map((item) => ({ ...item, entity_id: -1, entity_uid: "" })),
  };
}
