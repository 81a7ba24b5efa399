/** A stretch of text that both sides have, or one of them. */
export interface DiffPart {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

/** Words that differ before a text counts as another one: the search costs their square. */
const MAX_EDITS = 400;

/**
 * How a text became another, word by word: a shortest script of words taken out and put in (Myers 1986, Algorithmica 1:251,
 * the greedy form). Joined, `same` and `removed` give the first text, `same` and `added` the second. Where more than 400
 * words differ the texts are not taken apart.
 */
export function wordDiff(before: string, after: string): readonly DiffPart[] {
  const from = words(before);
  const to = words(after);
  const start = commonStart(from, to);
  const end = commonEnd(from.slice(start), to.slice(start));
  const middle = script(from.slice(start, from.length - end), to.slice(start, to.length - end));
  return joined([
    ...from.slice(0, start).map(same),
    ...middle,
    ...from.slice(from.length - end).map(same),
  ]);
}

/** Words with the blanks behind them, so that nothing is lost. */
function words(text: string): readonly string[] {
  return text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];
}

function same(text: string): DiffPart {
  return { kind: "same", text };
}

function commonStart(from: readonly string[], to: readonly string[]): number {
  const shorter = Math.min(from.length, to.length);
  let length = 0;
  while (length < shorter && from[length] === to[length]) length += 1;
  return length;
}

function commonEnd(from: readonly string[], to: readonly string[]): number {
  return commonStart(from.toReversed(), to.toReversed());
}

function script(from: readonly string[], to: readonly string[]): readonly DiffPart[] {
  const traces = furthest(from, to);
  if (traces === undefined) {
    return [
      { kind: "removed", text: from.join("") },
      { kind: "added", text: to.join("") },
    ];
  }
  const parts: DiffPart[] = [];
  let x = from.length;
  let y = to.length;
  for (let edits = traces.length - 1; edits > 0; edits -= 1) {
    const reached = traces[edits - 1] ?? new Map<number, number>();
    const diagonal = x - y;
    const down =
      diagonal === -edits ||
      (diagonal !== edits && at(reached, diagonal - 1) < at(reached, diagonal + 1));
    const fromX = at(reached, down ? diagonal + 1 : diagonal - 1);
    const fromY = fromX - (down ? diagonal + 1 : diagonal - 1);
    const [startX, startY] = down ? [fromX, fromY + 1] : [fromX + 1, fromY];
    while (x > startX && y > startY) {
      x -= 1;
      y -= 1;
      parts.push(same(from[x] ?? ""));
    }
    parts.push(
      down
        ? { kind: "added", text: to[fromY] ?? "" }
        : { kind: "removed", text: from[fromX] ?? "" },
    );
    x = fromX;
    y = fromY;
  }
  for (; x > 0; x -= 1) parts.push(same(from[x - 1] ?? ""));
  return parts.toReversed();
}

/** For every number of edits, how far each diagonal was reached; undefined when too many are needed. */
function furthest(
  from: readonly string[],
  to: readonly string[],
): readonly ReadonlyMap<number, number>[] | undefined {
  const traces: Map<number, number>[] = [];
  for (let edits = 0; edits <= Math.min(from.length + to.length, MAX_EDITS); edits += 1) {
    const before = traces.at(-1);
    const own = new Map<number, number>();
    traces.push(own);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = before === undefined ? 0 : startOf(before, diagonal, edits);
      while (x < from.length && x - diagonal < to.length && from[x] === to[x - diagonal]) x += 1;
      own.set(diagonal, x);
      if (x >= from.length && x - diagonal >= to.length) return traces;
    }
  }
  return undefined;
}

function startOf(reached: ReadonlyMap<number, number>, diagonal: number, edits: number): number {
  const down =
    diagonal === -edits ||
    (diagonal !== edits && at(reached, diagonal - 1) < at(reached, diagonal + 1));
  return down ? at(reached, diagonal + 1) : at(reached, diagonal - 1) + 1;
}

function at(reached: ReadonlyMap<number, number>, diagonal: number): number {
  return reached.get(diagonal) ?? -1;
}

/** Neighbours of one kind as one part. */
function joined(parts: readonly DiffPart[]): readonly DiffPart[] {
  const all: DiffPart[] = [];
  for (const part of parts) {
    const last = all.at(-1);
    if (part.text === "") continue;
    if (last?.kind === part.kind)
      all[all.length - 1] = { kind: part.kind, text: last.text + part.text };
    else all.push(part);
  }
  return all;
}
