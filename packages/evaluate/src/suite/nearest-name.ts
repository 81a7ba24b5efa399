/** A part of a name that is as long as this means the one name that holds it. */
const SHORTEST_PART = 4;

/** The known name that a misspelt one most likely means; undefined when none is near. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  const wanted = given.toLowerCase();
  const holding = known.filter((name) => name.toLowerCase().includes(wanted));
  if (wanted.length >= SHORTEST_PART && holding.length === 1) return holding[0];
  const allowed = Math.max(1, Math.floor(wanted.length / 3));
  const [nearest] = known
    .map((name) => ({ name, distance: editDistance(wanted, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= allowed)
    .toSorted((a, b) => a.distance - b.distance);
  return nearest?.name;
}

/** Levenshtein's: insertions, deletions and replacements of single characters. Names are short. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [index, character] of Array.from(left).entries()) {
    const next = [index + 1];
    for (let column = 1; column <= right.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (right[column - 1] === character ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
