import { type Parsed, type PathPart, type Place, parseJson, parseYaml } from "./located-value.ts";

export const suiteFormats = ["json", "yaml", "jsonl"] as const;
export type SuiteFormat = (typeof suiteFormats)[number];

/** The format that a file's ending says; undefined for another ending. */
export function suiteFormatOf(file: string): SuiteFormat | undefined {
  const ending = /\.([^./\\]+)$/.exec(file)?.[1]?.toLowerCase();
  if (ending === "yml") return "yaml";
  return suiteFormats.find((format) => format === ending);
}

export function parseSuiteText(text: string, format: SuiteFormat): Parsed {
  const withoutMark = text.replace(/^\uFEFF/, "");
  if (withoutMark.trim() === "") {
    return { syntax: [{ line: 1, column: 1, message: "the file is empty" }] };
  }
  if (format === "yaml") return parseYaml(withoutMark);
  return format === "json" ? parseJson(withoutMark) : parseLines(withoutMark);
}

/** One JSON value a line, blank lines left out. Every line that cannot be read is told. */
function parseLines(text: string): Parsed {
  const values: unknown[] = [];
  const lines: number[] = [];
  const syntax: (Place & { readonly message: string })[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const parsed = parseJson(line);
    if ("syntax" in parsed) {
      for (const { message, column } of parsed.syntax) {
        syntax.push({ line: index + 1, column, message: `line ${index + 1}: ${message}` });
      }
      continue;
    }
    values.push(parsed.value);
    lines.push(index + 1);
  }
  if (syntax.length > 0) return { syntax };
  const sources = text.split("\n");
  return {
    value: values,
    placeOf: ([index, ...path]: readonly PathPart[]) => {
      const line = typeof index === "number" ? (lines[index] ?? 1) : 1;
      const parsed = parseJson(sources[line - 1] ?? "");
      const column = "syntax" in parsed ? 1 : parsed.placeOf(path).column;
      return { line, column };
    },
  };
}
