import type { ValueSchema } from "./value-schema.ts";

/**
 * How this version treats an environment variable.
 *
 * - `kept`: means what it means to the reference server.
 * - `mapped`: steers a different mechanism here; the purpose says which.
 * - `ours`: not known to the reference.
 * - `ignored`: accepted, without effect in this version; a warning says so when it is set.
 * - `client`: read by client libraries; the server has nothing to say about it.
 */
export type VariableUse = "kept" | "mapped" | "ours" | "ignored" | "client";

export interface Setting<Value, Default extends string | undefined = string | undefined> {
  readonly use: "kept" | "mapped" | "ours";
  readonly value: ValueSchema<Value>;
  /** The text that an unset variable stands for; `undefined` when unset means "absent". */
  readonly default: Default;
  readonly purpose: string;
  /** Never shown: neither in messages nor in logs. */
  readonly secret: boolean;
}

export interface SilentVariable {
  readonly use: "ignored" | "client";
  readonly purpose: string;
}

export type Variable = Setting<unknown> | SilentVariable;

interface SettingText<Default extends string | undefined> {
  readonly default: Default;
  readonly purpose: string;
  readonly secret?: boolean;
}

function settingOf(use: Setting<unknown>["use"]) {
  return <Value, const Default extends string | undefined>(
    value: ValueSchema<Value>,
    text: SettingText<Default>,
  ): Setting<Value, Default> => ({
    use,
    value,
    default: text.default,
    purpose: text.purpose,
    secret: text.secret ?? false,
  });
}

export const kept = settingOf("kept");
export const mapped = settingOf("mapped");
export const ours = settingOf("ours");

/** Rows that share one reason. */
export function ignored<const Names extends readonly string[]>(
  purpose: string,
  ...names: Names
): Record<Names[number], SilentVariable> {
  return rows({ use: "ignored", purpose }, names);
}

export function client<const Names extends readonly string[]>(
  purpose: string,
  ...names: Names
): Record<Names[number], SilentVariable> {
  return rows({ use: "client", purpose }, names);
}

function rows<Name extends string>(
  variable: SilentVariable,
  names: readonly Name[],
): Record<Name, SilentVariable> {
  return Object.fromEntries(names.map((name) => [name, variable])) as Record<Name, SilentVariable>;
}

export function isSetting(variable: Variable): variable is Setting<unknown> {
  return "value" in variable;
}
