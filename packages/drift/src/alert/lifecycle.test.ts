import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  advanceAlert,
  type AlertState,
  DEFAULT_POLICY,
  type LifecyclePolicy,
  QUIET,
  type Verdict,
} from "./lifecycle.ts";

const LETTERS: Readonly<Record<string, Verdict>> = {
  A: "alert",
  o: "ok",
  n: "no-data",
  i: "insufficient-data",
  e: "error",
};

/** One letter a window, an hour apart; `=X` revises the last window. Gives one word per step. */
function story(text: string, policy: Partial<LifecyclePolicy> = {}): string {
  let state: AlertState = QUIET;
  let hour = 0;
  const words: string[] = [];
  for (const [step] of text.matchAll(/=?[Aonie]/g)) {
    if (!step.startsWith("=")) hour += 1;
    const verdict = LETTERS[step.at(-1) as string] as Verdict;
    const input = { verdict, windowEndMs: hour * 3_600_000 };
    const next = advanceAlert(state, input, { ...DEFAULT_POLICY, ...policy });
    state = next.state;
    const told = next.action.kind === "opened" && !next.action.notify ? "silently " : "";
    words.push(`${told}${next.action.kind}`);
  }
  return words.join(", ");
}

describe("the life of an alert", () => {
  it.each<[string, string, Partial<LifecyclePolicy>, string]>([
    ["opens, goes on, ends", "oAAo", {}, "none, opened, ongoing, resolved"],
    ["opens again", "AoA", {}, "opened, resolved, opened"],
    [
      "keeps quiet while cooling down",
      "AoA",
      { coolDownMs: 7_200_001 },
      "opened, resolved, silently opened",
    ],
    [
      "tells again at the end of the cool-down",
      "AoA",
      { coolDownMs: 7_200_000 },
      "opened, resolved, opened",
    ],
    [
      "tells after a silent opening",
      "AoAoA",
      { coolDownMs: 10_800_000 },
      "opened, resolved, silently opened, resolved, opened",
    ],
    ["learns nothing from too few rows or errors", "AieA", {}, "opened, none, none, ongoing"],
    ["ignores a window without data", "AnA", {}, "opened, none, ongoing"],
    ["takes no data as an alert", "nno", { noData: "alert" }, "opened, ongoing, resolved"],
    [
      "waits for two in a row",
      "AoAA",
      { persistence: { hits: 2, of: 2 } },
      "none, none, none, opened",
    ],
    ["waits for two of three", "AoA", { persistence: { hits: 2, of: 3 } }, "none, none, opened"],
    [
      "forgets what is too long ago",
      "AooA",
      { persistence: { hits: 2, of: 3 } },
      "none, none, none, none",
    ],
    [
      "counts only windows that say something",
      "AneiA",
      { persistence: { hits: 2, of: 2 } },
      "none, none, none, none, opened",
    ],
  ])("%s: %s", (_, text, policy, expected) => {
    expect(story(text, policy)).toBe(expected);
  });

  it.each<[string, string, string]>([
    ["the same verdict says nothing new", "A=A", "opened, none"],
    ["the same end says nothing new", "Ao=o", "opened, resolved, none"],
    ["an alert is taken back", "A=o", "opened, resolved"],
    ["an alert is found late", "o=A", "none, opened"],
    ["what was told is not told again", "A=o=A", "opened, resolved, silently opened"],
    ["an end is taken back without telling", "Ao=A", "opened, resolved, silently opened"],
    ["a failed run is made up for", "e=A", "none, opened"],
    ["later windows go on from the revised one", "A=oAo", "opened, resolved, opened, resolved"],
  ])("revised: %s", (_, text, expected) => {
    expect(story(text)).toBe(expected);
  });

  it("takes no older window", () => {
    const { state } = advanceAlert(QUIET, { verdict: "ok", windowEndMs: 2 });
    expect(advanceAlert(state, { verdict: "alert", windowEndMs: 1 })).toEqual({
      state,
      action: { kind: "none" },
    });
  });

  it("ends as if a revised window had always said what it says now", () => {
    const verdict = fc.constantFrom<Verdict>("alert", "ok", "no-data", "insufficient-data");
    const hits = fc.integer({ min: 1, max: 3 });
    fc.assert(
      fc.property(fc.array(verdict), verdict, verdict, hits, (list, first, revised, needed) => {
        const policy: LifecyclePolicy = { ...DEFAULT_POLICY, persistence: { hits: needed, of: 3 } };
        const run = (verdicts: readonly Verdict[]) =>
          verdicts.reduce(
            (state, each, i) =>
              advanceAlert(state, { verdict: each, windowEndMs: i }, policy).state,
            QUIET,
          );
        const again = { verdict: revised, windowEndMs: list.length };
        const { state } = advanceAlert(run([...list, first]), again, policy);
        const straight = run([...list, revised]);
        expect([state.phase, state.recent]).toEqual([straight.phase, straight.recent]);
        expect(state.openedAtMs).toBe(straight.openedAtMs);
      }),
    );
  });

  it("opens and resolves in turn, and only opens what it tells", () => {
    const verdicts = fc.array(fc.constantFrom("A", "o", "n", "e", "i"));
    fc.assert(
      fc.property(
        verdicts,
        fc.constantFrom<"alert" | "ignore">("alert", "ignore"),
        (list, noData) => {
          const changes = story(list.join(""), { noData })
            .split(", ")
            .filter((word) => word === "opened" || word === "resolved");
          const expected = changes.map((_, i) => (i % 2 === 0 ? "opened" : "resolved"));
          expect(changes).toEqual(expected);
        },
      ),
    );
  });
});
