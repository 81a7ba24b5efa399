const WORDS: Readonly<Record<string, string>> = {
  critical: "P1",
  high: "P2",
  moderate: "P3",
  low: "P4",
  informational: "P5",
};

/** P1 to P5, from these or from OpsGenie's words for them in any case. Anything else, which it refuses, is P3. */
export function opsGeniePriority(given: string): string {
  const upper = given.toUpperCase();
  return /^P[1-5]$/.test(upper) ? upper : (WORDS[given.toLowerCase()] ?? "P3");
}
