/** A value of a table in memory as a number, a text or nothing. Booleans and times become texts. */
export function cellValue(value: unknown): number | string | null {
  if (typeof value === "number" || typeof value === "string") return value;
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  return typeof value === "boolean" ? String(value) : JSON.stringify(value);
}
