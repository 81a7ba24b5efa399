import { parseArgs } from "node:util";

const USAGE = `usage: npm run check [-- options]

  --only a,b     run only these suites
  --skip a,b     leave these suites out
  --no-install   use node_modules and the system as they are
  --list         print the suites and end
`;

/**
 * @param {readonly string[]} argv
 * @param {readonly string[]} suiteNames
 * @returns {{ suites: readonly string[], install: boolean, list: boolean } | { usage: string }}
 *   `usage` holds what to print when the arguments cannot be followed.
 */
export function parseCheckArguments(argv, suiteNames) {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        only: { type: "string" },
        skip: { type: "string" },
        "no-install": { type: "boolean", default: false },
        list: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) return { usage: USAGE };
    const only = values.only === undefined ? suiteNames : namesIn(values.only, suiteNames);
    const skip = values.skip === undefined ? [] : namesIn(values.skip, suiteNames);
    return {
      suites: suiteNames.filter((name) => only.includes(name) && !skip.includes(name)),
      install: !values["no-install"],
      list: values.list,
    };
  } catch (error) {
    return { usage: `${error instanceof Error ? error.message : String(error)}\n\n${USAGE}` };
  }
}

function namesIn(list, suiteNames) {
  const names = list.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !suiteNames.includes(name));
  if (unknown.length === 0) return names;
  throw new Error(`unknown suite '${unknown.join("', '")}': expected ${suiteNames.join(", ")}`);
}
