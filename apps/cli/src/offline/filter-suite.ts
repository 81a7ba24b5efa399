import type { Suite } from "@scouter/evaluate";
import { errors } from "../errors.ts";

/**
 * The suite with the scenarios whose id matches one of the patterns, in which `*` stands for any characters.
 *
 * @throws CLI_SUITE_EMPTY
 */
export function filterSuite(suite: Suite, patterns: readonly string[] | undefined): Suite {
  if (patterns === undefined || patterns.length === 0) return suite;
  const tests = patterns.map(matcherOf);
  const scenarios = suite.scenarios.filter(({ id }) => tests.some((test) => test(id)));
  if (scenarios.length === 0) throw errors.CLI_SUITE_EMPTY({ filter: patterns.join(" ") });
  return { ...suite, scenarios };
}

function matcherOf(pattern: string): (id: string) => boolean {
  const parts = pattern.split("*");
  const [first = "", ...rest] = parts;
  if (rest.length === 0) return (id) => id === pattern;
  const last = rest.at(-1) ?? "";
  return (id) => {
    if (!id.startsWith(first) || !id.endsWith(last)) return false;
    let from = first.length;
    for (const part of rest.slice(0, -1)) {
      const at = id.indexOf(part, from);
      if (at === -1) return false;
      from = at + part.length;
    }
    return from + last.length <= id.length;
  };
}
