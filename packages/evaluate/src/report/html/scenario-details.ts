import type { RunRepeat, RunTask } from "@scouter/contracts";
import type { Observation } from "../../compare/observation.ts";
import type { ScenarioRow, ScenarioSide } from "../scenario-row.ts";
import { type DiffPart, wordDiff } from "../word-diff.ts";
import { markup, type Markup, nothing } from "./markup.ts";
import { traceView } from "./trace-view.ts";

/** Characters of an answer that the page keeps. */
const LONGEST_ANSWER = 20_000;

const DOTS: Readonly<Record<Observation, { readonly mark: string; readonly word: string }>> = {
  passed: { mark: "●", word: "passed" },
  "not-passed": { mark: "✕", word: "failed" },
  missing: { mark: "?", word: "missing" },
  skipped: { mark: "–", word: "skipped" },
};

/** A scenario as a row that opens: answers side by side, what every task said, traces. */
export function scenarioDetails(
  row: ScenarioRow,
  { withAnswers }: { readonly withAnswers: boolean },
): Markup {
  const { quarantine } = row;
  const held =
    quarantine === null
      ? nothing
      : markup`<span class="held"
          >in quarantine until ${quarantine.expires} (${quarantine.owner})</span
        >`;
  return markup`<details class="scenario ${marksOf(row)}">
    <summary>
      <span class="status ${row.status}">${row.status}${held}</span>
      <span class="name"
        >${row.id}${row.query === null ? nothing : markup`<small>${shortened(row.query, 300)}</small>`}</span
      >
      <span>${sideSummary("before", row.baseline)}</span>
      <span>${sideSummary("now", row.candidate)}</span>
    </summary>
    ${withAnswers ? inside(row) : nothing}
  </details> `;
}

/** Passed in every repeat, and all of them are known. */
export function isGood({ candidate }: ScenarioRow): boolean {
  if (candidate === null) return false;
  const { passed, runs, missing } = candidate.tally;
  return passed === runs && missing === 0;
}

/** What the page's filters look at. */
function marksOf(row: ScenarioRow): string {
  return [
    ...(row.status === "unchanged" ? ["is-steady"] : []),
    ...(isGood(row) ? ["is-good"] : []),
    ...(row.status === "flaky" ? ["is-flaky"] : []),
  ].join(" ");
}

function sideSummary(name: string, side: ScenarioSide | null): Markup {
  if (side === null) return markup`${name === "before" ? nothing : "not there"}`;
  return markup`${name} ${side.passes} ${dots(side.observations)}`;
}

function dots(observations: readonly Observation[]): Markup {
  if (observations.length === 0) return nothing;
  const words = observations.map((own) => DOTS[own].word).join(", ");
  return markup`<span class="dots" role="img" aria-label="${words}"
    >${observations.map(
      (own) =>
        markup`<span class="${own === "passed" ? "passed" : own === "not-passed" ? "failed" : ""}"
          >${DOTS[own].mark}</span
        >`,
    )}</span
  >`;
}

function inside({ baseline, candidate }: ScenarioRow): Markup {
  const before = chosen(baseline, "passed");
  const now = chosen(candidate, "not-passed");
  const parts =
    before === undefined || now === undefined
      ? undefined
      : wordDiff(answerOf(before), answerOf(now));
  const columns = [
    ...(before === undefined
      ? []
      : [{ title: "Baseline", side: baseline, repeat: before, hidden: "added" as const }]),
    ...(now === undefined
      ? []
      : [{ title: "Candidate", side: candidate, repeat: now, hidden: "removed" as const }]),
  ];
  if (columns.length === 0) return nothing;
  return markup`<div class="inside">
    <div class="sides ${columns.length === 1 ? "alone" : ""}">
      ${columns.map(
        ({ title, side, repeat, hidden }) =>
          markup`<div>
            <h3>${title}${whichOf(side, repeat)}</h3>
            ${answer(repeat, parts, hidden)}${repeatParts(repeat)}${others(side, repeat)}
          </div>`,
      )}
    </div>
  </div>`;
}

/** The repeat that tells most: of the baseline one that passed, of the candidate one that did not. */
function chosen(side: ScenarioSide | null, wanted: Observation): RunRepeat | undefined {
  if (side === null) return undefined;
  const index = side.observations.indexOf(wanted);
  return side.repeats[Math.max(0, index)];
}

function whichOf(side: ScenarioSide | null, repeat: RunRepeat): Markup {
  if (side === null || side.repeats.length < 2) return nothing;
  return markup`, repeat ${side.repeats.indexOf(repeat) + 1} of ${side.repeats.length}`;
}

function answer(
  repeat: RunRepeat,
  parts: readonly DiffPart[] | undefined,
  hidden: DiffPart["kind"],
): Markup {
  if (repeat.response === undefined) return markup`<p class="interval">no answer is kept</p>`;
  if (parts === undefined) return markup`<pre tabindex="0">${answerOf(repeat)}</pre>`;
  const shown = parts
    .filter(({ kind }) => kind !== hidden)
    .map(({ kind, text }) => {
      if (kind === "removed") return markup`<del>${text}</del>`;
      return kind === "added" ? markup`<ins>${text}</ins>` : markup`${text}`;
    });
  return markup`<pre tabindex="0">${shown}</pre>`;
}

/** Text as it is, anything else as JSON. */
function answerOf({ response }: RunRepeat): string {
  const text = typeof response === "string" ? response : (JSON.stringify(response, null, 2) ?? "");
  return shortened(text, LONGEST_ANSWER);
}

function repeatParts(repeat: RunRepeat): Markup {
  const aliases = Object.entries(repeat.aliases).map(
    ([alias, { tasks }]) => [`${alias}/`, tasks] as const,
  );
  const tasks = [["", repeat.tasks] as const, ...aliases].flatMap(([prefix, own]) =>
    Object.entries(own).map(([task, ended]) => taskLine(`${prefix}${task}`, ended)),
  );
  const error =
    repeat.outcome === "errored"
      ? markup`<p class="error">
          error of the ${repeat.error_source ?? "agent"}: ${shortened(repeat.error ?? "", 2_000)}
        </p>`
      : nothing;
  return markup`${error}${
    tasks.length === 0
      ? nothing
      : markup`<ul class="tasks">
          ${tasks}
        </ul>`
  }${traceView(repeat.spans ?? [])}`;
}

function taskLine(name: string, { outcome, gate, message, error }: RunTask): Markup {
  const why = message ?? error;
  const look = outcome === "passed" ? "passed" : outcome === "skipped" ? "interval" : "failed";
  return markup`<li>
    <span class="${look}">${outcome}</span>
    ${name}${gate === true ? " (gate)" : ""}${why === undefined ? nothing : markup`: <span class="interval">${shortened(why, 500)}</span>`}
  </li>`;
}

function others(side: ScenarioSide | null, shown: RunRepeat): Markup {
  const rest = (side?.repeats ?? []).filter((own) => own !== shown);
  if (rest.every(({ response }) => response === undefined)) return nothing;
  return markup`<details class="trace">
    <summary>other repeats (${rest.length})</summary>
    ${rest.map(
      (repeat) =>
        markup`<h3>${repeat.outcome}</h3>
          ${answer(repeat, undefined, "same")}`,
    )}
  </details>`;
}

function shortened(text: string, longest: number): string {
  return text.length <= longest
    ? text
    : `${text.slice(0, longest)}… (${String(text.length)} characters in all)`;
}
