import { ScouterError, type ErrorKind } from "./scouter-error.ts";

/** One entry of a package's catalogue. `message` and `remedy` may be built from the parameters. */
export interface ErrorDefinition<Parameters> {
  readonly kind: ErrorKind;
  readonly message: string | ((parameters: Parameters) => string);
  readonly remedy?: string | ((parameters: Parameters) => string);
}

export interface ErrorOptions {
  readonly cause?: unknown;
  readonly retryAfterMs?: number;
}

type ParametersOf<Definition> =
  Definition extends ErrorDefinition<infer Parameters> ? Parameters : never;

type Catalogue<Definitions> = {
  readonly [Code in keyof Definitions]: (
    parameters: ParametersOf<Definitions[Code]>,
    options?: ErrorOptions,
  ) => ScouterError;
};

/**
 * Builds a package's error catalogue: one constructor per code.
 *
 * ```ts
 * export const errors = defineErrors({
 *   PATH_NOT_FOUND: {
 *     kind: "invalid",
 *     message: (p: { path: string }) => `path '${p.path}' not found`,
 *     remedy: "check the path against the record's context",
 *   },
 * });
 * throw errors.PATH_NOT_FOUND({ path: "a.b" });
 * ```
 * Every code must appear in docs/reference/errors.md; a check compares both ways.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- parameters differ per code; the mapped type restores them
export function defineErrors<const Definitions extends Record<string, ErrorDefinition<any>>>(
  definitions: Definitions,
): Catalogue<Definitions> {
  const build = ([code, definition]: [string, ErrorDefinition<unknown>]) => [
    code,
    (parameters: unknown, options: ErrorOptions = {}) =>
      new ScouterError({
        code,
        kind: definition.kind,
        message: resolve(definition.message, parameters),
        remedy:
          definition.remedy === undefined ? undefined : resolve(definition.remedy, parameters),
        cause: options.cause,
        retryAfterMs: options.retryAfterMs,
      }),
  ];
  return Object.fromEntries(Object.entries(definitions).map(build)) as Catalogue<Definitions>;
}

function resolve(text: string | ((parameters: unknown) => string), parameters: unknown): string {
  return typeof text === "string" ? text : text(parameters);
}
