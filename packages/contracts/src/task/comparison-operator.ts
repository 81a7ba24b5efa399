import { z } from "zod";

/** The 46 operators of the wire, exact and case-sensitive names. */
export const comparisonOperators = [
  "Equals",
  "NotEqual",
  "GreaterThan",
  "GreaterThanOrEqual",
  "LessThan",
  "LessThanOrEqual",
  "Contains",
  "NotContains",
  "StartsWith",
  "EndsWith",
  "Matches",
  "HasLengthGreaterThan",
  "HasLengthLessThan",
  "HasLengthEqual",
  "HasLengthGreaterThanOrEqual",
  "HasLengthLessThanOrEqual",
  "IsNumeric",
  "IsString",
  "IsBoolean",
  "IsNull",
  "IsArray",
  "IsObject",
  "IsEmail",
  "IsUrl",
  "IsUuid",
  "IsIso8601",
  "IsJson",
  "MatchesRegex",
  "InRange",
  "NotInRange",
  "IsPositive",
  "IsNegative",
  "IsZero",
  "SequenceMatches",
  "ContainsAll",
  "ContainsAny",
  "ContainsNone",
  "IsEmpty",
  "IsNotEmpty",
  "HasUniqueItems",
  "IsAlphabetic",
  "IsAlphanumeric",
  "IsLowerCase",
  "IsUpperCase",
  "ContainsWord",
  "ApproximatelyEquals",
] as const;

/** Ours, beside them. */
export const addedOperators = ["MatchesJsonSchema"] as const;

/** A built-in operator. */
export type ComparisonOperator =
  | (typeof comparisonOperators)[number]
  | (typeof addedOperators)[number];

/** A built-in operator, or the name under which an app registered its own. What nobody knows is refused with the tasks. */
export type OperatorName = ComparisonOperator | (string & Record<never, never>);
export const operatorName = z.string().min(1).max(200) as z.ZodType<OperatorName, OperatorName>;
