import { writeFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

/** Names the file that the reporter writes. */
export const REPORT_VARIABLE = "CHECK_TEST_REPORT";

/** Of the engine or of native code: a process that ends itself by `process.exit` has a code, and is told as a failure. */
const DEATH = /^Worker exited unexpectedly with signal SIG(?:TRAP|SEGV|ABRT|BUS|ILL)\b/;

/**
 * Writes how many tests passed, failed and were skipped, and what failed. Vitest's own JSON says nothing of a hook
 * around a whole file and of errors outside tests, and those are the failures that are hardest to find again.
 */
export default class FailureReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const path = process.env[REPORT_VARIABLE];
    if (path === undefined) throw new Error(`${REPORT_VARIABLE} does not name a file`);
    writeFileSync(path, JSON.stringify(reportOf(modules, unhandledErrors)));
  }
}

function reportOf(modules, unhandledErrors) {
  const dead = deadFiles(modules, unhandledErrors);
  const ended = modules.filter(({ relativeModuleId }) => !dead.includes(relativeModuleId));
  const tests = ended.flatMap((module) => [...module.children.allTests()]);
  const count = (state) => tests.filter((test) => test.result().state === state).length;
  const failures = [
    ...ended.flatMap(failuresIn),
    ...unhandledErrors.map((error) => ({
      file: "",
      test: "outside of every test",
      message: [textOf(error), ...unfinished(modules)].join("\n"),
    })),
  ];
  const counts = { passed: count("passed"), failed: failures.length, skipped: count("skipped") };
  return { ...counts, failures, ...(dead.length > 0 && { dead }) };
}

/**
 * The files whose process died under them, when that is all that went wrong outside of tests: none of what they began
 * is counted.
 */
function deadFiles(modules, unhandledErrors) {
  const isDeath = ({ cause }) => DEATH.test(cause?.message ?? "");
  if (unhandledErrors.length === 0 || !unhandledErrors.every(isDeath)) return [];
  return modules
    .filter((module) => ["queued", "pending"].includes(module.state()))
    .map(({ relativeModuleId }) => relativeModuleId);
}

/** A process that died takes the file it was in with it: which one is told by what never ended. */
function unfinished(modules) {
  const open = modules.filter((module) => ["queued", "pending"].includes(module.state()));
  return open.map((module) => `did not end: ${module.relativeModuleId}`);
}

/** A file or suite has errors of its own when it could not be read or a hook around its tests failed. */
function failuresIn(module) {
  const around = [module, ...module.children.allSuites()]
    .map((part) => ({ test: nameOf(part), errors: part.errors() }))
    .filter(({ errors }) => errors.length > 0);
  const inside = [...module.children.allTests()]
    .map((test) => ({ test: test.fullName, result: test.result() }))
    .filter(({ result }) => result.state === "failed")
    .map(({ test, result }) => ({ test, errors: result.errors }));
  return [...around, ...inside].map(({ test, errors }) => ({
    file: module.relativeModuleId,
    test,
    message: errors.map(textOf).join("\n"),
  }));
}

function nameOf(part) {
  return part.type === "suite" ? `around the tests of ${part.fullName}` : "around its tests";
}

/** What went wrong and why, where in our own files, then how the values differ: the first lines must tell most. */
function textOf({ name, message, stacks = [], diff, cause }) {
  const places = stacks.map(({ file, line, column }) => `at ${file}:${line}:${column}`);
  const why = cause === undefined || cause === null ? [] : [`because of ${causeOf(cause)}`];
  const lines = [
    `${name ?? "Error"}: ${message}`,
    ...why,
    ...places.slice(0, 2),
    ...(diff ? [diff] : []),
  ];
  return stripVTControlCharacters(lines.join("\n"));
}

function causeOf(cause) {
  return typeof cause === "object" ? textOf({ ...cause, message: cause.message }) : String(cause);
}
