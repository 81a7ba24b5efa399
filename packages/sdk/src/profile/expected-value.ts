import type { Json } from "@scouter/contracts";

/** A text with a reference into what the task sees, such as `${limits.max}`. */
export type Template = `${string}\${${string}}${string}`;
type NumberOrTemplate = number | Template;
type Numbers = readonly [NumberOrTemplate, NumberOrTemplate] | Template;
type List = readonly Json[] | Template;

/** Operators that compare with nothing: `expected: false` asks for the opposite. */
export type TestOperator =
  | "IsNumeric"
  | "IsString"
  | "IsBoolean"
  | "IsNull"
  | "IsArray"
  | "IsObject"
  | "IsEmail"
  | "IsUrl"
  | "IsUuid"
  | "IsIso8601"
  | "IsJson"
  | "IsPositive"
  | "IsNegative"
  | "IsZero"
  | "IsEmpty"
  | "IsNotEmpty"
  | "HasUniqueItems"
  | "IsAlphabetic"
  | "IsAlphanumeric"
  | "IsLowerCase"
  | "IsUpperCase";

interface ExpectedTypes {
  readonly GreaterThan: NumberOrTemplate;
  readonly GreaterThanOrEqual: NumberOrTemplate;
  readonly LessThan: NumberOrTemplate;
  readonly LessThanOrEqual: NumberOrTemplate;
  readonly HasLengthGreaterThan: NumberOrTemplate;
  readonly HasLengthLessThan: NumberOrTemplate;
  readonly HasLengthEqual: NumberOrTemplate;
  readonly HasLengthGreaterThanOrEqual: NumberOrTemplate;
  readonly HasLengthLessThanOrEqual: NumberOrTemplate;
  readonly StartsWith: string;
  readonly EndsWith: string;
  readonly Matches: string;
  readonly MatchesRegex: string;
  readonly ContainsWord: string;
  /** `[min, max]`, both included. */
  readonly InRange: Numbers;
  readonly NotInRange: Numbers;
  /** `[value, tolerance]`. */
  readonly ApproximatelyEquals: Numbers;
  readonly SequenceMatches: List;
  readonly ContainsAll: List;
  readonly ContainsAny: List;
  readonly ContainsNone: List;
  readonly MatchesJsonSchema: Readonly<Record<string, Json>>;
}

/** What an operator can be given; any JSON for those that take any, and for operators of an app. */
export type ExpectedValue<Operator> = Operator extends keyof ExpectedTypes
  ? ExpectedTypes[Operator]
  : Json;

/** `expected` where the operator needs it. */
export type Expectation<Operator> = Operator extends TestOperator
  ? { readonly expected?: boolean }
  : { readonly expected: ExpectedValue<Operator> };
