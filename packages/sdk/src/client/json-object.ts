/** The JSON object or array in a text; undefined for anything else, such as a proxy's page or a cut reply. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    // Not JSON at all; what that means is the caller's to say.
    return undefined;
  }
}
