import type { AlertExplanation } from "@scouter/contracts";
import { table } from "./table.ts";

/** What an alert stands on: sentences, then the bins by what they carry, then the windows around it. */
export function explanationText(explanation: AlertExplanation): string {
  const { sentences, carriers, neighbours, distribution } = explanation;
  const { profile, window_start: start, window_end: end } = distribution;
  const owner = `${profile.space}/${profile.name}/${profile.version}`;
  const head = `alert ${explanation.alert_id}: ${owner}, window ${start} to ${end}`;
  const parts = [head, sentences.join("\n")];
  if (carriers.length > 0) {
    parts.push(
      table(carriers, [
        { title: "bin", value: ({ label }) => label, maximum: 40 },
        { title: "baseline", align: "right", value: ({ reference }) => percent(reference) },
        { title: "window", align: "right", value: ({ current }) => percent(current) },
        {
          title: "rows",
          align: "right",
          value: ({ current_count: rows }) => (rows === null ? "-" : String(rows)),
        },
        { title: "psi", align: "right", value: ({ psi_term: term }) => term.toPrecision(3) },
        { title: "of all", align: "right", value: ({ share_of_psi: share }) => percent(share) },
      ]),
    );
  }
  if (neighbours.length > 0) {
    parts.push(
      table(neighbours, [
        {
          title: "window",
          value: ({ window_id: id }) => `${id}${id === distribution.window_id ? " *" : ""}`,
        },
        { title: "ended", value: ({ window_end: at }) => at.slice(0, 19).replace("T", " ") },
        { title: "status", value: ({ status }) => status.replaceAll("_", " ") },
        { title: "value", align: "right", value: ({ value }) => figure(value) },
        { title: "threshold", align: "right", value: ({ threshold }) => figure(threshold) },
        {
          title: "samples",
          align: "right",
          value: ({ sample_size: size }) => (size === null ? "-" : String(size)),
        },
      ]),
    );
  }
  return parts.join("\n\n");
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function figure(value: number | null): string {
  return value === null ? "-" : value.toPrecision(4);
}
