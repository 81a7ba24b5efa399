/** What a rule has to say about one place. Errors fail the check, warnings are only printed. */
export interface Finding {
  readonly severity: "error" | "warning";
  /** Path relative to the repository's root. */
  readonly file: string;
  /** Counted from 1; absent when the whole file (or its absence) is meant. */
  readonly line?: number;
  readonly message: string;
}

export function errorAt(file: string, message: string, line?: number): Finding {
  return { severity: "error", file, message, ...(line === undefined ? {} : { line }) };
}

export function warningAt(file: string, message: string): Finding {
  return { severity: "warning", file, message };
}

export function formatFinding(finding: Finding): string {
  const place = finding.line === undefined ? finding.file : `${finding.file}:${finding.line}`;
  return `${finding.severity.padEnd(7)} ${place}: ${finding.message}`;
}
