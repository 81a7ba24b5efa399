import type { Cell } from "./cell.ts";

const SIZES = [20, 50, 100, 200];
const FALSE_FAILURES = 0.05;
const DROP = 0.1;

const usual = {
  baselineRepeats: 1,
  candidateRepeats: 1,
  mode: "statistical",
  population: "independent",
  gatedMetrics: 1,
  looks: "none",
} as const;

/** A cell without any change and one that is 10 points worse. */
function both(name: string, own: Partial<Cell> & { readonly scenarios: number }): readonly Cell[] {
  const cell = { ...usual, ...own };
  return [
    { ...cell, name: `false_fail_${name}`, drop: 0, target: FALSE_FAILURES },
    { ...cell, name: `power10_${name}`, drop: DROP, target: null },
  ];
}

/** Targets for finding a drop, by figure. */
const POWER_TARGETS: Readonly<Record<string, number>> = {
  power10_n200_k1: 0.8,
  power10_n50_k3: 0.7,
};

const repeated = (k: number) => ({ baselineRepeats: k, candidateRepeats: k });

const statistical: readonly Cell[] = [
  ...SIZES.flatMap((scenarios) => both(`n${String(scenarios)}`, { scenarios })),
  ...[3, 5].flatMap((k) => both(`n50_k${String(k)}`, { scenarios: 50, ...repeated(k) })),
  ...both("n100_k3", { scenarios: 100, ...repeated(3) }),
  ...[20, 50, 100, 200].flatMap((scenarios) =>
    both(`n${String(scenarios)}_fixed80`, { scenarios, population: "fixed80" }),
  ),
  ...[3, 5].flatMap((k) =>
    both(`n50_k${String(k)}_fixed80`, { scenarios: 50, population: "fixed80", ...repeated(k) }),
  ),
  ...[
    [1, 5],
    [5, 1],
    [3, 1],
    [1, 3],
  ].flatMap(([baselineRepeats = 1, candidateRepeats = 1]) =>
    both(`n50_k${String(candidateRepeats)}_against_${String(baselineRepeats)}`, {
      scenarios: 50,
      baselineRepeats,
      candidateRepeats,
    }),
  ),
  ...[5, 30].flatMap((gatedMetrics) =>
    both(`n100_metrics${String(gatedMetrics)}`, { scenarios: 100, gatedMetrics }),
  ),
  ...[50, 100].flatMap((scenarios) =>
    both(`n${String(scenarios)}_looks`, {
      scenarios,
      baselineRepeats: 3,
      candidateRepeats: 5,
      looks: "spending",
    }),
  ),
];

/** What stopping at the first look with p <= alpha would do. */
const naive = {
  ...usual,
  name: "naive_looks_false_fail_n100",
  scenarios: 100,
  baselineRepeats: 3,
  candidateRepeats: 5,
  looks: "naive",
  drop: 0,
  target: null,
} as const;

const classical: readonly Cell[] = (["threshold", "strict"] as const).flatMap((mode) =>
  SIZES.flatMap((scenarios) =>
    both(`n${String(scenarios)}`, { scenarios, mode }).map((cell) => ({
      ...cell,
      name: `${mode}_${cell.name}`,
      target: null,
    })),
  ),
);

/** In the order in which they are printed; names of figures with a target are kept for ever. */
export const cells: readonly Cell[] = [...statistical, naive, ...classical].map((cell) => {
  const name = isSingle(cell) ? cell.name.replace(/^(power10_n\d+)$/, "$1_k1") : cell.name;
  return { ...cell, name, target: POWER_TARGETS[name] ?? cell.target };
});

function isSingle({ baselineRepeats, candidateRepeats }: Cell): boolean {
  return baselineRepeats === 1 && candidateRepeats === 1;
}
