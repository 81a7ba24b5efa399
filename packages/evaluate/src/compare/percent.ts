/** 0.875 -> "87.5 %" */
export function percent(share: number): string {
  return `${rounded(share)} %`;
}

/** A difference of two shares, with its sign: -0.1 -> "-10 points". */
export function points(change: number): string {
  const text = rounded(change);
  return `${change > 0 && text !== "0" ? "+" : ""}${text} points`;
}

function rounded(share: number): string {
  const value = Number((share * 100).toFixed(1));
  return String(value === 0 ? 0 : value);
}

/** Three decimals; smaller ones are only said to be smaller. */
export function probability(p: number): string {
  return p < 0.001 ? "<0.001" : p.toFixed(3);
}
