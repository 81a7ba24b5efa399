import { type DeltaTable, decodeSchema, encodeSchema } from "@scouter/delta";
import { isScouterError } from "@scouter/contracts";
import { traceSpanSchema } from "./trace-spans.ts";

/**
 * Brings a table that an earlier version made up to this version's columns: they are nullable and files without them
 * read as null. Of several processes that start together one commits. A process that flushes meanwhile finds the change
 * in its way once, and its next flush goes through.
 */
export async function addMissingColumns(table: DeltaTable): Promise<void> {
  for (;;) {
    const { metadata, version } = table.snapshot;
    const schema = decodeSchema(metadata.schemaString);
    const known = new Set(schema.fields.map(({ name }) => name));
    const missing = traceSpanSchema.fields.filter(({ name }) => !known.has(name));
    if (missing.length === 0) return;
    const schemaString = encodeSchema({ ...schema, fields: [...schema.fields, ...missing] });
    try {
      await table.commit({
        actions: [{ metaData: { ...metadata, schemaString } }],
        operation: "ADD COLUMNS",
        operationParameters: { columns: missing.map(({ name }) => name).join(",") },
        readVersion: version,
      });
      return;
    } catch (error) {
      if (!isScouterError(error) || error.code !== "DELTA_CONFLICT_METADATA") throw error;
      await table.refresh();
    }
  }
}
