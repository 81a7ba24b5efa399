/**
 * The lake in figures: what spans cost on their way in, through real servers on a PostgreSQL of their own, and what
 * reads cost over a table of a week, each beside the bare engine on the same files. After `npm run build`; Linux only.
 *
 * Options: `--minutes N` of full load (default 0.5); `--scale 1m|10m` spans in the table that is read (default 1m);
 * `--only ingest|reads`; `--flush-interval N` seconds (default 5); `--rounds N` of each read (default 20);
 * `--table FOLDER` reads the table that an earlier run left in this folder, or makes one there and leaves it, so that two
 * versions can be compared on the same files.
 */
import { parseArgs } from "node:util";
import { ingestFigures } from "./lake/ingest-figures.ts";
import { tableFigures } from "./lake/table-figures.ts";

const SCALES: Readonly<Record<string, number>> = {
  "100k": 100_000,
  "1m": 1_000_000,
  "10m": 10_000_000,
};

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "0.5" },
    scale: { type: "string", default: "1m" },
    only: { type: "string" },
    "flush-interval": { type: "string", default: "5" },
    rounds: { type: "string", default: "20" },
    table: { type: "string" },
  },
});
const spans = SCALES[values.scale];
if (spans === undefined) {
  throw new Error(`--scale '${values.scale}': expected ${Object.keys(SCALES).join(", ")}`);
}
if (values.only !== undefined && values.only !== "ingest" && values.only !== "reads") {
  throw new Error(`--only '${values.only}': expected ingest or reads`);
}
if (values.only !== "reads") {
  const flushIntervalSecs = Number(values["flush-interval"]);
  await ingestFigures({ minutes: Number(values.minutes), flushIntervalSecs });
}
if (values.only !== "ingest") {
  await tableFigures({ spans, rounds: Number(values.rounds), folder: values.table });
}
