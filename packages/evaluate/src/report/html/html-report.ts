import type { MeasuredRate, MetricRow } from "../metric-row.ts";
import type { RunReport } from "../run-report.ts";
import type { ScenarioRow } from "../scenario-row.ts";
import { markup, type Markup, nothing } from "./markup.ts";
import { REPORT_STYLE } from "./report-style.ts";
import { isGood, scenarioDetails } from "./scenario-details.ts";

/** Scenarios on the page, and those whose answers and traces are: a page of hundreds of megabytes opens nowhere. */
const SHOWN_SCENARIOS = 3_000;
const DETAILED_SCENARIOS = 600;

/**
 * A report as one HTML page that needs nothing else: no script, no font, no address is fetched, and its policy forbids
 * both. Scenarios come worst first; of large suites the steady ones at the end lose their answers, then their rows.
 */
export function htmlReport(report: RunReport): string {
  const { scenarios } = report;
  const shown = scenarios.slice(0, SHOWN_SCENARIOS);
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        />
        <title>${report.title}</title>
        <style>
          ${{ html: REPORT_STYLE }}
        </style>
      </head>
      <body>
        <header>
          <p class="suite">${report.title}</p>
          <h1>${report.headline}${verdictBadge(report)}</h1>
          ${listOf(report.reasons)}
        </header>
        <main>
          <section aria-labelledby="metrics">
            <h2 id="metrics">Metrics</h2>
            <div class="scroll" role="region" aria-label="Table of metrics" tabindex="0">
              ${metricTable(report)}
            </div>
          </section>
          <section aria-labelledby="scenarios">
            <h2 id="scenarios">Scenarios</h2>
            ${filters(report)}
            ${shown.map((row, index) => scenarioDetails(row, { withAnswers: index < DETAILED_SCENARIOS }))}
            ${leftOut(scenarios)}
          </section>
          ${
            report.notes.length === 0
              ? nothing
              : markup`<section aria-labelledby="notes">
                  <h2 id="notes">Notes</h2>
                  ${listOf(report.notes)}
                </section>`
          }
          <section aria-labelledby="facts">
            <h2 id="facts">How it was measured</h2>
            <div class="scroll" role="region" aria-label="Table of both runs" tabindex="0">
              ${factTable(report)}
            </div>
          </section>
        </main>
        <footer>
          Made by scouter. Rates have 95 % Wilson intervals over scenarios; "at worst" is the lower
          confidence bound of the change.
        </footer>
      </body>
    </html> `;
  return page.html;
}

function verdictBadge({ verdict }: RunReport): Markup {
  return verdict === null ? nothing : markup` <span class="verdict ${verdict}">${verdict}</span>`;
}

function listOf(sentences: readonly string[]): Markup {
  if (sentences.length === 0) return nothing;
  return markup`<ul class="told">
    ${sentences.map((own) => markup`<li>${own}</li>`)}
  </ul>`;
}

function metricTable(report: RunReport): Markup {
  const isCompared = report.verdict !== null;
  const titles = isCompared
    ? [
        "Metric",
        "Baseline",
        "Candidate",
        "0 to 100 %: before grey, now blue",
        "Change",
        "At worst",
        "p",
        "Scenarios",
        "Missing",
        "Verdict",
      ]
    : ["Metric", "Passed", "0 to 100 %", "Scenarios", "Missing"];
  return markup`<table>
    <thead>
      <tr>
        ${titles.map((title) => markup`<th scope="col">${title}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${report.metrics.map((row) => metricLine(row, isCompared))}
    </tbody>
  </table>`;
}

function metricLine(row: MetricRow, isCompared: boolean): Markup {
  const { cells } = row;
  const rate = (value: string, interval: string) =>
    markup`<td class="number">
      ${value}${interval === "" ? nothing : markup`<br /><span class="interval">${interval}</span>`}
    </td>`;
  const number = (value: string) => markup`<td class="number">${value}</td>`;
  const scale = markup`<td>${scaleOf(row)}</td>`;
  const parts = isCompared
    ? [
        rate(cells.baseline, cells.baselineInterval),
        rate(cells.candidate, cells.candidateInterval),
        scale,
        ...[cells.change, cells.bound, cells.p, cells.scenarios, cells.missing].map(number),
        markup`<td class="${row.verdict}">${cells.verdict}</td>`,
      ]
    : [
        rate(cells.candidate, cells.candidateInterval),
        scale,
        number(cells.scenarios),
        number(cells.missing),
      ];
  return markup`<tr>
    <th scope="row">${row.id}</th>
    ${parts}
  </tr>`;
}

/** Both rates with their intervals on one line from 0 to 1; what it shows stands in the cells beside it. */
function scaleOf({ baseline, candidate }: MetricRow): Markup {
  const share = (value: number) => `${String(Number((value * 100).toFixed(2)))}%`;
  const band = (own: MeasuredRate, side: string, top: string, markTop: string) =>
    markup`<span
        class="band ${side}"
        style="left:${share(own.lower)};width:${share(own.upper - own.lower)};top:${top}"
      ></span
      ><span class="mark ${side}" style="left:${share(own.rate)};top:${markTop}"></span>`;
  return markup`<div class="scale" aria-hidden="true">
    ${
      baseline === null ? nothing : band(baseline, "before", "5px", "2px")
    }${candidate === null ? nothing : band(candidate, "now", "15px", "12px")}
  </div>`;
}

function filters({ verdict, scenarios }: RunReport): Markup {
  const isCompared = verdict !== null;
  const count = (test: (row: ScenarioRow) => boolean) => scenarios.filter(test).length;
  const choice = (id: string, label: string, checked: Markup = nothing) =>
    markup`<label><input type="radio" name="only" id="${id}" ${checked} /> ${label}</label>`;
  return markup`<fieldset>
    <legend>Show</legend>
    ${choice("only-all", `all ${String(scenarios.length)}`, markup` checked`)}
    ${isCompared ? choice("only-changed", `not the same as before (${String(count(({ status }) => status !== "unchanged"))})`) : nothing}
    ${choice("only-failed", `failing now (${String(count((row) => !isGood(row)))})`)}
    ${choice("only-flaky", `flaky (${String(count(({ status }) => status === "flaky"))})`)}
  </fieldset>`;
}

function leftOut(scenarios: readonly ScenarioRow[]): Markup {
  const rest = scenarios.length - SHOWN_SCENARIOS;
  const plain = Math.min(scenarios.length, SHOWN_SCENARIOS) - DETAILED_SCENARIOS;
  return markup`${plain > 0 ? markup`<p>The last ${plain} rows have no answers here; results.json has them.</p>` : nothing}${
    rest > 0 ? markup`<p>and ${rest} more scenarios, which results.json lists.</p>` : nothing
  }`;
}

function factTable({ facts, verdict }: RunReport): Markup {
  const isCompared = verdict !== null;
  const head = isCompared
    ? markup`<tr>
        <td></td>
        <th scope="col">Baseline</th>
        <th scope="col">Candidate</th>
      </tr>`
    : markup`<tr>
        <td></td>
        <th scope="col">Run</th>
      </tr>`;
  const lines = facts.map(({ name, baseline, candidate }) => {
    if (!isCompared)
      return markup`<tr>
        <th scope="row">${name}</th>
        <td>${candidate}</td>
      </tr>`;
    const cells =
      baseline === null
        ? markup`<td colspan="2">${candidate}</td>`
        : markup`<td>${baseline}</td>
            <td>${candidate}</td>`;
    return markup`<tr>
      <th scope="row">${name}</th>
      ${cells}
    </tr>`;
  });
  return markup`<table>
    <thead>
      ${head}
    </thead>
    <tbody>
      ${lines}
    </tbody>
  </table>`;
}
