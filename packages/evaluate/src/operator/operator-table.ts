import type { ComparisonOperator } from "@scouter/contracts";
import * as collection from "./collection.ts";
import * as equality from "./equality.ts";
import * as format from "./format.ts";
import * as typeTest from "./json-type-test.ts";
import * as schema from "./json-schema.ts";
import * as length from "./length.ts";
import type { Operator } from "./operator.ts";
import * as ordering from "./ordering.ts";
import * as text from "./text.ts";

/** Every built-in operator by its name. */
export const operatorTable: Readonly<Record<ComparisonOperator, Operator>> = {
  Equals: equality.equals,
  NotEqual: equality.notEqual,
  GreaterThan: ordering.greaterThan,
  GreaterThanOrEqual: ordering.greaterThanOrEqual,
  LessThan: ordering.lessThan,
  LessThanOrEqual: ordering.lessThanOrEqual,
  Contains: collection.contains,
  NotContains: collection.notContains,
  StartsWith: text.startsWith,
  EndsWith: text.endsWith,
  Matches: text.matches,
  HasLengthGreaterThan: length.hasLengthGreaterThan,
  HasLengthLessThan: length.hasLengthLessThan,
  HasLengthEqual: length.hasLengthEqual,
  HasLengthGreaterThanOrEqual: length.hasLengthGreaterThanOrEqual,
  HasLengthLessThanOrEqual: length.hasLengthLessThanOrEqual,
  IsNumeric: typeTest.isNumeric,
  IsString: typeTest.isString,
  IsBoolean: typeTest.isBoolean,
  IsNull: typeTest.isNull,
  IsArray: typeTest.isArray,
  IsObject: typeTest.isObject,
  IsEmail: format.isEmail,
  IsUrl: format.isUrl,
  IsUuid: format.isUuid,
  IsIso8601: format.isIso8601,
  IsJson: format.isJson,
  MatchesRegex: text.matchesRegex,
  InRange: ordering.inRange,
  NotInRange: ordering.notInRange,
  IsPositive: ordering.isPositive,
  IsNegative: ordering.isNegative,
  IsZero: ordering.isZero,
  SequenceMatches: collection.sequenceMatches,
  ContainsAll: collection.containsAll,
  ContainsAny: collection.containsAny,
  ContainsNone: collection.containsNone,
  IsEmpty: collection.isEmpty,
  IsNotEmpty: collection.isNotEmpty,
  HasUniqueItems: collection.hasUniqueItems,
  IsAlphabetic: text.isAlphabetic,
  IsAlphanumeric: text.isAlphanumeric,
  IsLowerCase: text.isLowerCase,
  IsUpperCase: text.isUpperCase,
  ContainsWord: text.containsWord,
  MatchesJsonSchema: schema.matchesJsonSchema,
  ApproximatelyEquals: ordering.approximatelyEquals,
};
