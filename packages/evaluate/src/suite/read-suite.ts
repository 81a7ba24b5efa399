import type { EvalScenario, EvaluationTask, Json } from "@scouter/contracts";
import { bucketsOf } from "../task/task-buckets.ts";
import { checkFoundTasks, checkTemplates } from "./check-found-tasks.ts";
import { definitionHash } from "./definition-hash.ts";
import { type LocatedValue, parseYaml, type PathPart } from "./located-value.ts";
import { parseSuiteText, type SuiteFormat } from "./parse-suite-text.ts";
import { ProblemLog, type Report } from "./problem-log.ts";
import { readAliases } from "./read-aliases.ts";
import {
  isObject,
  readFileTasks,
  type FoundTasks,
  type ReadIncluded,
  type TaskReading,
} from "./read-file-tasks.ts";
import { schemaProblems, typeName } from "./schema-problems.ts";
import type { Suite } from "./suite.ts";
import { suiteProblemsError } from "./suite-problem.ts";
import { fileScenario, fileSuite, type FileScenario, type FileSuite } from "./suite-schema.ts";

export interface SuiteText {
  /** As messages name it. */
  readonly file: string;
  readonly text: string;
  readonly format: SuiteFormat;
  /** Default: nothing can be included. */
  readonly readIncluded?: ReadIncluded;
}

/**
 * Reads a suite and checks all of it before anything runs.
 *
 * JSON and YAML hold `{ name, versions, aliases, tasks, scenarios }` or a bare list of scenarios; JSONL one scenario a
 * line. A scenario without `id` gets one from what it asks, so that it is found again in the next run.
 *
 * @throws EVALUATE_SUITE_INVALID with every problem, located by file, line and path; `suiteProblemsOf` gives the list
 */
export function readSuite({ file, text, format, readIncluded }: SuiteText): Suite {
  const log = new ProblemLog();
  const parsed = parseSuiteText(text, format);
  if ("syntax" in parsed) {
    for (const problem of parsed.syntax) log.add({ file, path: "", ...problem });
    throw suiteProblemsError(log.problems);
  }
  return new SuiteReader(file, parsed, log, readIncluded).read();
}

/**
 * The same for a suite that a program makes, in the form that files have.
 * @throws EVALUATE_SUITE_INVALID
 */
export function suiteOf(value: unknown, name = "suite", readIncluded?: ReadIncluded): Suite {
  const located = { value, placeOf: () => ({ line: 1, column: 1 }) };
  return new SuiteReader(name, located, new ProblemLog(), readIncluded).read();
}

class SuiteReader {
  readonly #file: string;
  readonly #given: unknown;
  readonly #log: ProblemLog;
  readonly #report: Report;
  readonly #reading: TaskReading;
  readonly #readIncluded: ReadIncluded;
  /** A bare list has no member `scenarios` to name in paths. */
  readonly #scenariosAt: readonly PathPart[];

  constructor(file: string, parsed: LocatedValue, log: ProblemLog, readIncluded?: ReadIncluded) {
    this.#file = file;
    this.#log = log;
    this.#report = log.of(file, parsed);
    const isList = Array.isArray(parsed.value);
    this.#given = isList ? { scenarios: parsed.value } : parsed.value;
    this.#scenariosAt = isList ? [] : ["scenarios"];
    this.#readIncluded = readIncluded ?? refuseIncluded;
    this.#reading = {
      report: this.#report,
      readPrompt: (path, at) => this.#readPrompt(path, at),
    };
  }

  read(): Suite {
    const { name, versions, aliases, tasks, scenarios } = this.#members();
    const ofAll = readFileTasks(tasks, ["tasks"], this.#reading);
    checkFoundTasks(ofAll, this.#report);
    const suite = {
      name: name ?? nameOfFile(this.#file),
      versions,
      aliases: readAliases(aliases, this.#reading, this.#readIncluded),
      scenarios: this.#scenarios(scenarios, ofAll),
    };
    if (scenarios.length === 0 && this.#log.problems.length === 0) {
      this.#report(this.#scenariosAt, "there are no scenarios: expected at least one");
    }
    if (this.#log.problems.length > 0) throw suiteProblemsError(this.#log.problems);
    return suite;
  }

  /** What is wrong with one member keeps no other from being looked at. */
  #members(): Omit<FileSuite, "tasks"> & { readonly tasks?: unknown } {
    const read = fileSuite.safeParse(this.#given);
    if (read.success) return read.data;
    this.#refuse(fileSuite, this.#given, [], read.error.issues);
    const { aliases, tasks, scenarios } = isObject(this.#given) ? this.#given : {};
    return {
      versions: {},
      aliases: isObject(aliases) ? aliases : {},
      tasks,
      scenarios: Array.isArray(scenarios) ? scenarios : [],
    };
  }

  #scenarios(given: readonly unknown[], ofAll: FoundTasks): readonly EvalScenario[] {
    const places = new Map<string, number>();
    return given.flatMap((value, index) => {
      const path = [...this.#scenariosAt, index];
      const scenario = this.#scenario(value, path, ofAll);
      const own = isObject(value) && typeof value["id"] === "string" ? value["id"] : undefined;
      const id = scenario?.id ?? own;
      if (id === undefined) return [];
      const earlier = places.get(id);
      if (earlier !== undefined) {
        const message = `scenario ${earlier + 1} of the list has the id '${id}' too: ids must differ`;
        this.#report(own === undefined ? path : [...path, "id"], message);
      }
      places.set(id, earlier ?? index);
      return scenario === undefined ? [] : [scenario];
    });
  }

  #scenario(
    value: unknown,
    path: readonly PathPart[],
    ofAll: FoundTasks,
  ): EvalScenario | undefined {
    const read = fileScenario.safeParse(value);
    const own = readFileTasks(isObject(value) ? value["tasks"] : undefined, [...path, "tasks"], {
      ...this.#reading,
    });
    const found = {
      tasks: [...ofAll.tasks, ...own.tasks],
      refused: new Set([...ofAll.refused, ...own.refused]),
    };
    checkFoundTasks(found, this.#report);
    if (!read.success) {
      this.#refuse(fileScenario, value, path, read.error.issues);
      return undefined;
    }
    const scenario = read.data;
    this.#checkConversation(scenario, path);
    const { expected_outcome = null, ground_truth = null, metadata = null } = scenario;
    checkTemplates(found.tasks, { expected_outcome, ground_truth, metadata }, this.#report);
    return evalScenarioOf(
      scenario,
      found.tasks.map(({ task }) => task),
    );
  }

  #checkConversation(scenario: FileScenario, path: readonly PathPart[]): void {
    const { predefined_turns: turns, simulated_user_persona: persona, max_turns: most } = scenario;
    if (typeof persona === "string" && turns.length > 0 && turns.length >= most) {
      const message = `is ${most}: the query and ${turns.length} predefined turns need at least ${turns.length + 1}`;
      this.#report([...path, "max_turns"], message);
    }
    if (typeof scenario.termination_signal === "string" && typeof persona !== "string") {
      const message =
        "only a simulated user ends a conversation: expected simulated_user_persona beside it";
      this.#report([...path, "termination_signal"], message);
    }
  }

  #readPrompt(path: string, at: readonly PathPart[]): Json | undefined {
    try {
      const parsed = parseYaml(this.#readIncluded(path));
      if (!("syntax" in parsed)) return parsed.value as Json;
      for (const problem of parsed.syntax) this.#log.add({ file: path, path: "", ...problem });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#report(at, `cannot read '${path}': ${reason}`);
    }
    return undefined;
  }

  #refuse(
    schema: typeof fileSuite | typeof fileScenario,
    given: unknown,
    path: readonly PathPart[],
    issues: Parameters<typeof schemaProblems>[2],
  ): void {
    if (!isObject(given)) {
      this.#report(path, `expected an object, got ${typeName(given)}`);
      return;
    }
    for (const problem of schemaProblems(schema, given, issues)) {
      this.#report([...path, ...problem.path], problem.message);
    }
  }
}

function evalScenarioOf(scenario: FileScenario, tasks: readonly EvaluationTask[]): EvalScenario {
  const { id, tasks: _, ...rest } = scenario;
  return { ...rest, id: id ?? idFromContent(scenario), tasks: bucketsOf(tasks) };
}

/** The same question has the same id in every run and every order; a changed one is a new scenario. */
function idFromContent({ initial_query, predefined_turns, simulated_user_persona }: FileScenario) {
  const asked = [initial_query, predefined_turns, simulated_user_persona ?? null];
  return `q-${definitionHash(asked).slice("sha256:".length, "sha256:".length + 12)}`;
}

function nameOfFile(file: string): string {
  const base = file.split(/[/\\]/).at(-1) ?? file;
  return base.replace(/\.[^.]+$/, "") || base;
}

function refuseIncluded(path: string): string {
  throw new Error(`nothing can be included here, so '${path}' is not read`);
}
