import { tagRecord } from "@scouter/contracts";
import { makeStorable } from "@scouter/database";
import { z } from "zod";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";

const MAX_ENTITY_ID_BYTES = 200;

const ofEntity = z.object({
  entity_type: z.string().min(1),
  entity_id: z
    .string()
    .min(1)
    .refine((id) => Buffer.byteLength(id) <= MAX_ENTITY_ID_BYTES, {
      error: "Query parameter exceeds 200 character limit",
    }),
});

const search = z.object({
  entity_type: z.string().min(1),
  tags: z.array(z.object({ key: z.string(), value: z.string() })),
  match_all: z.boolean(),
});

const tags = ["tags"];

export function tagRoutes(app: JsonRoutes, { database, ingest }: ApiParts): void {
  app.get(
    "/scouter/tags",
    {
      schema: {
        tags,
        querystring: ofEntity,
        response: { 200: z.object({ tags: z.array(tagRecord) }) },
      },
    },
    async ({ query }) => ({
      tags: [...(await database.tags.of(query.entity_type, query.entity_id))],
    }),
  );

  app.post(
    "/scouter/tags",
    {
      schema: {
        tags,
        body: z.object({ tags: z.array(tagRecord) }),
        response: { 200: z.object({ status: z.literal("success"), message: z.string() }) },
      },
    },
    async ({ body }) => {
      const { value } = makeStorable(body.tags);
      const distinct = new Map(value.map((tag) => [JSON.stringify(tag), tag]));
      if (distinct.size > 0) {
        const sizeBytes = [...distinct.keys()].reduce((sum, text) => sum + text.length, 0);
        const outcomes = await ingest.tags([...distinct.values()], sizeBytes);
        const failed = outcomes.find((outcome) => outcome.status === "failed");
        if (failed?.status === "failed") throw failed.error;
      }
      return { status: "success" as const, message: `Inserted ${distinct.size} tags` };
    },
  );

  app.post(
    "/scouter/tags/entity",
    {
      schema: {
        tags,
        body: search,
        response: { 200: z.object({ entity_id: z.array(z.string()) }) },
      },
    },
    async ({ body }) => {
      const found = await database.tags.entityIdsByTags({
        entityType: body.entity_type,
        tags: body.tags,
        matchAll: body.match_all,
      });
      return { entity_id: [...found] };
    },
  );
}
