import { isSetting, type Variable } from "./variable.ts";
import { variables } from "./variables.ts";

/** The text of docs/reference/environment.md; a test compares the file with it. */
export function environmentReferencePage(): string {
  const rows = Object.entries<Variable>(variables);
  const settingRows = rows.flatMap(([name, row]) =>
    isSetting(row)
      ? [
          `| \`${name}\` | ${row.use} | ${row.default === undefined ? "unset" : `\`${row.default}\``} | ${row.value.allowed} | ${row.purpose} |`,
        ]
      : [],
  );
  const silentRows = rows.flatMap(([name, row]) =>
    isSetting(row) ? [] : [`| \`${name}\` | ${row.use} | ${row.purpose} |`],
  );
  return [
    "# Environment variables",
    "",
    "Generated from the table in `apps/server/src/config/variables.ts`. An empty variable counts as unset. A bad value",
    "stops the start with exit code 2 and a message that names every bad variable; an unknown `SCOUTER_*` is warned of.",
    "",
    "`kept`: as in the reference server. `mapped`: steers a different mechanism. `ours`: not known to the reference.",
    "",
    "| variable | use | default | allowed | purpose |",
    "| --- | --- | --- | --- | --- |",
    ...settingRows,
    "",
    "## Accepted without effect",
    "",
    "`ignored`: the server warns when it is set. `client`: for client libraries, no warning.",
    "",
    "| variable | use | why |",
    "| --- | --- | --- |",
    ...silentRows,
    "",
  ].join("\n");
}
