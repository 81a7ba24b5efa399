/**
 * Reads every version of a table of ours with chDB, which has the Delta kernel built in, and compares what it finds with
 * `expected.json`. Runs in the folder that holds both, beside an installed `chdb`.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder, modules] = process.argv.slice(2);
const { query } = createRequire(join(modules, "index.js"))("chdb");
const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8"));
const table = join(folder, expected.table);

function rowOf(sql, settings = "") {
  const text = query(`${sql} ${settings}`, "JSONEachRow").trim();
  return JSON.parse(text);
}

function same(what, found, wanted) {
  if (Number(found) !== wanted) throw new Error(`${what}: ${found}, expected ${wanted}`);
}

const select = `SELECT count() AS records, uniqExact(${expected.distinct}) AS ids FROM deltaLakeLocal('${table}')`;
for (const [version, records] of Object.entries(expected.records)) {
  const found = rowOf(select, `SETTINGS delta_lake_snapshot_version = ${version}`);
  same(`records of version ${version}`, found.records, records);
  if (expected.distinctRecords !== undefined) {
    same(`${expected.distinct} of version ${version}`, found.ids, expected.distinctRecords);
  }
}
same("records of the newest", rowOf(select).records, expected.records[expected.version]);
if (expected.oldestVersion > 0) {
  const gone = expected.oldestVersion - 1;
  let failure;
  try {
    rowOf(select, `SETTINGS delta_lake_snapshot_version = ${gone}`);
  } catch (error) {
    failure = error;
  }
  if (failure === undefined)
    throw new Error(`version ${gone}, of which the log was cleaned up, was read`);
}
console.log(
  `chdb: ${Object.keys(expected.records).length} versions, ${expected.records[expected.version]} records`,
);
