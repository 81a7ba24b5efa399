import type { DriftType } from "@scouter/contracts";

const words: Readonly<Record<DriftType, string>> = {
  Psi: "PSI (distributions)",
  Spc: "SPC (control charts)",
  Custom: "Custom metrics",
  Agent: "Agent evaluations",
};

/** Choices for a `Select`. */
export const driftKinds: readonly { readonly value: string; readonly label: string }[] =
  Object.entries(words).map(([value, label]) => ({ value, label }));

/** As it is written in tables and sentences. */
export function kindWord(kind: DriftType): string {
  return kind === "Psi" || kind === "Spc" ? kind.toUpperCase() : kind;
}
