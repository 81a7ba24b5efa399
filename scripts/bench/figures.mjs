/** Names of suites among the files of benchmarks/src: each file there is one, helpers live in folders. */
export function suiteNames(files) {
  return files
    .filter((name) => /^[a-z0-9-]+\.ts$/.test(name) && name !== "index.ts")
    .map((name) => name.slice(0, -".ts".length))
    .sort();
}

/** One JSON line of a suite for human eyes; a line that is no figure stays as it is. */
export function figureRow(line) {
  const figure = parseFigure(line);
  if (figure === undefined) return line;
  const { name, value, unit, better, target } = figure;
  const measured = `${name.padEnd(36)} ${format(value).padStart(14)} ${String(unit).padEnd(10)}`;
  if (typeof target !== "number") return measured.trimEnd();
  const met = better === "higher" ? value >= target : value <= target;
  const relation = better === "higher" ? ">=" : "<=";
  return `${measured} target ${relation} ${format(target)}: ${met ? "met" : "MISSED"}`;
}

function parseFigure(line) {
  try {
    const figure = JSON.parse(line);
    return typeof figure?.name === "string" && typeof figure.value === "number"
      ? figure
      : undefined;
  } catch {
    return undefined;
  }
}

function format(value) {
  const digits = Number.isInteger(value) ? 0 : Math.abs(value) < 10 ? 3 : 1;
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
}
