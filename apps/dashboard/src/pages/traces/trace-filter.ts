import type { QueryValue } from "../../api/api.ts";
import {
  filterText,
  parseFilter,
  type Filter,
  type FilterToken,
} from "../../filter/filter-tokens.ts";
import { isGenAiKind, spanKindLooks } from "../trace/span-kind.ts";

/** Keys of tokens, named as the API names its parameters. */
export const traceFilterKeys = [
  "service",
  "status",
  "name",
  "root_name",
  "kind",
  "model",
  "duration",
  "attr",
] as const;
export type TraceFilterKey = (typeof traceFilterKeys)[number];

export interface TraceFilterQuery {
  /** Parameters of the routes for lists of traces. */
  readonly query: Readonly<Record<string, QueryValue>>;
  /** Tokens that cannot be asked for, and what to write in their place. */
  readonly problems: readonly string[];
}

const statuses: ReadonlySet<string> = new Set(["ok", "error"]);

/**
 * What the filter bar holds, as parameters of the API. Tokens of one key mean any of them, different keys all of them.
 *
 * @param service of the switch in the bar at the top; a `service:` token takes its place
 */
export function traceFilterQuery(text: string, service: string | undefined): TraceFilterQuery {
  const problems: string[] = [];
  const { tokens, words } = withDurations(parseFilter(text, traceFilterKeys));
  const good = tokens.flatMap((token) => {
    const turned = withoutMinus(token);
    const problem = turned === undefined ? cannotLack(token) : problemOf(turned);
    if (problem !== undefined) problems.push(problem);
    return turned === undefined || problem !== undefined ? [] : [turned];
  });
  const valuesOf = (key: TraceFilterKey) =>
    good.filter((token) => token.key === key).map(({ value }) => value);
  const services = valuesOf("service");
  const asked = new Set(valuesOf("status"));
  const bounds = durationBounds(valuesOf("duration"));
  return {
    problems,
    query: {
      service: services.length > 0 || service === undefined ? services : [service],
      name: valuesOf("name"),
      root_name: valuesOf("root_name"),
      kind: valuesOf("kind"),
      model: valuesOf("model"),
      attr: valuesOf("attr"),
      status: asked.size === 1 ? [...asked][0] : undefined,
      text: words.join(" "),
      ...bounds,
    },
  };
}

/** `duration>1s` is what people write; the bar keeps it as words. */
function withDurations({ tokens, words }: Filter): Filter {
  const isDuration = (word: string) => /^duration[<>]/.test(word);
  return {
    tokens: [
      ...tokens,
      ...words
        .filter(isDuration)
        .map((word) => ({ key: "duration", value: word.slice("duration".length), negated: false })),
    ],
    words: words.filter((word) => !isDuration(word)),
  };
}

/** The same said without a minus; undefined when the API has no words for it. */
function withoutMinus(token: FilterToken): FilterToken | undefined {
  const { key, value, negated } = token;
  if (!negated) return token;
  if (key === "status" && statuses.has(value)) {
    return { key, value: value === "ok" ? "error" : "ok", negated: false };
  }
  const equals = /^([^:]+):eq:(.*)$/s.exec(value);
  if (key === "attr" && equals !== null) {
    return { key, value: `${equals[1] ?? ""}:ne:${equals[2] ?? ""}`, negated: false };
  }
  return undefined;
}

function cannotLack({ key, value }: FilterToken): string {
  return `'-${key}:${value}' is left out: traces are found by what they have, not by what they lack`;
}

function problemOf({ key, value }: FilterToken): string | undefined {
  if (key === "status" && !statuses.has(value)) {
    return `'status:${value}' is left out: write status:ok or status:error`;
  }
  if (key === "kind" && !isGenAiKind(value)) {
    return `'kind:${value}' is left out: kinds are ${Object.keys(spanKindLooks).join(", ")}`;
  }
  if (key === "duration" && parseDurationBound(value) === undefined) {
    return `'duration:${value}' is left out: write a bound such as duration:>500ms or duration:<2s`;
  }
  if (key === "attr" && !/^[^:].*?:(?:exists$|(?:eq|ne|lt|gt):)/s.test(value)) {
    return `'attr:${value}' is left out: write attr:key:eq:value, with eq, ne, lt, gt, or attr:key:exists`;
  }
  return undefined;
}

export interface DurationBound {
  readonly side: "min" | "max";
  readonly ms: number;
}

const unitMs: Readonly<Record<string, number>> = {
  us: 0.001,
  µs: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};

/** `>500ms`, `<=2s`, `> 1.5 min`; without a unit milliseconds. The API's bounds include themselves. */
export function parseDurationBound(text: string): DurationBound | undefined {
  const [, sign, digits, unit] =
    /^\s*([<>])=?\s*(\d+(?:\.\d+)?)\s*(us|µs|ms|s|min|m|h)?\s*$/.exec(text) ?? [];
  if (sign === undefined) return undefined;
  return { side: sign === ">" ? "min" : "max", ms: Number(digits) * (unitMs[unit ?? "ms"] ?? 1) };
}

/** The narrowest of all bounds given. */
function durationBounds(values: readonly string[]) {
  const bounds = values.map(parseDurationBound).filter((bound) => bound !== undefined);
  const least = bounds.filter(({ side }) => side === "min").map(({ ms }) => ms);
  const most = bounds.filter(({ side }) => side === "max").map(({ ms }) => ms);
  return {
    min_duration_ms: least.length === 0 ? undefined : Math.max(...least),
    max_duration_ms: most.length === 0 ? undefined : Math.min(...most),
  };
}

/** Whether the bar's text has the token. */
export function hasToken(text: string, key: TraceFilterKey, value: string): boolean {
  return parseFilter(text, traceFilterKeys).tokens.some(
    (token) => token.key === key && token.value === value && !token.negated,
  );
}

/** Adds the token, or takes it away when it is there. */
export function withTokenToggled(text: string, key: TraceFilterKey, value: string): string {
  const { tokens, words } = parseFilter(text, traceFilterKeys);
  const kept = tokens.filter(
    (token) => token.key !== key || token.value !== value || token.negated,
  );
  const added = kept.length === tokens.length ? [{ key, value, negated: false }] : [];
  return filterText({ tokens: [...kept, ...added], words });
}
