import { spanDeadLetterPage, type SpanDeadLetterJson } from "@scouter/contracts";
import type { IngestDeadLetter } from "@scouter/database";
import { z } from "zod";
import { errors } from "../../../errors.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";

const tags = ["delivery"];
const rowId = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  cursor: rowId.optional(),
});

/** `GET /scouter/v2/delivery/span-dead-letters`: what the span log held and a replay could not read, newest first. */
export function spanDeadLetterRoutes(app: JsonRoutes, { database }: ApiParts): void {
  app.get(
    "/scouter/v2/delivery/span-dead-letters",
    { schema: { tags, querystring: pageQuery, response: { 200: spanDeadLetterPage } } },
    async ({ query: { limit, cursor: before } }) => {
      const found = await database.deadLetters.list({ limit, before });
      const last = found.length < limit ? undefined : found.at(-1);
      return {
        items: found.map(letterJson),
        next_cursor: last === undefined ? null : String(last.id),
      };
    },
  );

  app.get(
    "/scouter/v2/delivery/span-dead-letters/:id/payload",
    { schema: { tags, params: z.object({ id: rowId }) } },
    async (request, response) => {
      const { id } = request.params;
      const payload = await database.deadLetters.payload(id);
      if (payload === undefined) throw errors.SERVER_DEAD_LETTER_PAYLOAD_UNKNOWN({ id });
      // Whatever somebody sent: never shown as a page.
      return response
        .header("content-type", "application/zstd")
        .header("content-disposition", "attachment")
        .send(Buffer.from(payload));
    },
  );
}

function letterJson(letter: IngestDeadLetter): SpanDeadLetterJson {
  return {
    id: letter.id,
    owner: letter.owner,
    // A damaged place is kept apart from others by a negative number of its own.
    sequence: letter.sequence < 0 ? null : letter.sequence,
    reason: letter.reason,
    format: letter.format,
    size_bytes: letter.payloadBytes,
    put_aside_at: letter.createdAt,
  };
}
