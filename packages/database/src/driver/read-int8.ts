/** PostgreSQL's 64-bit integers: a number where that is exact, else a bigint. Both drivers read them so. */
export function readInt8(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}
