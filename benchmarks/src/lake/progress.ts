const started = performance.now();

/** Says on standard error what comes now: figures alone go to standard output. */
export function progress(what: string): void {
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stderr.write(`lake: ${seconds} s: ${what}\n`);
}
