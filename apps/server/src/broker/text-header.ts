/** A header's value as text, whatever type the broker or the sender gave it. */
export function textHeader(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (Array.isArray(value)) return textHeader(value[0]);
  return typeof value === "string" ? value : JSON.stringify(value);
}
