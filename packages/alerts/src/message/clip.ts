/**
 * `text` in at most `maximum` UTF-16 units. What is longer is cut and says so; no surrogate pair is torn apart.
 * `maximum` must leave room for the marker, 40 units.
 */
export function clip(text: string, maximum: number): string {
  if (text.length <= maximum) return text;
  const room = maximum - marker(text.length).length;
  const kept = text.slice(0, room).replace(/[\uD800-\uDBFF]$/, "");
  return kept + marker(text.length - kept.length);
}

function marker(cut: number): string {
  return ` … (${cut} more characters)`;
}
