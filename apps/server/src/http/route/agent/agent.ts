import {
  agentEvalWorkflowResult,
  evalRecord,
  evalRecordPaginationRequest,
  evalTaskResult,
  recordCursor,
  type Page,
} from "@scouter/contracts";
import { z } from "zod";
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

export function agentRoutes(app: JsonRoutes, { database }: ApiParts): void {
  app.post(
    "/scouter/agent/page/record",
    {
      schema: { tags, body: evalRecordPaginationRequest, response: { 200: pageOf(evalRecord) } },
    },
    async ({ body }) => masked(await database.evalRecords.page(body)),
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
    async ({ body }) => masked(await database.evalRecords.workflowPage(body)),
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
    async ({ query }) => ({ tasks: [...(await database.evalRecords.tasksOf(query.record_uid))] }),
  );
}

/** Pages hide which profile a row belongs to, as the wire has it: the asker named the profile. */
function masked<Item extends object>(page: Page<Item>) {
  return {
    ...page,
    items: page.items.map((item) => ({ ...item, entity_id: -1, entity_uid: "" })),
  };
}
