import { isCalendarDateTime } from "./calendar-date-time.ts";
import { unary, wanted, type Operator } from "./operator.ts";

const TEXT_WANTED = wanted("a string");

function formatTest(holds: (actual: string) => boolean): Operator {
  return unary((actual) => (typeof actual === "string" ? holds(actual) : TEXT_WANTED));
}

const EMAIL = /^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$/;
const HTTP_URL = /^https?:\/\/[^\s\\/?#][^\s\\]*$/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Local part and domain of ASCII letters, digits and `._%+-` / `.-`, ending in a dot and two or more letters. */
export const isEmail = formatTest((actual) => EMAIL.test(actual));

/** An absolute http or https URL with a host: ports, user info, queries and IP addresses included, blanks not. */
export const isUrl = formatTest((actual) => HTTP_URL.test(actual) && URL.canParse(actual));

/** 8-4-4-4-12 hexadecimal digits, any case and version. */
export const isUuid = formatTest((actual) => UUID.test(actual));

/** A date that exists, optionally with a time and an offset. */
export const isIso8601 = formatTest(isCalendarDateTime);

/** The string parses as any JSON value, so "123" and "null" are JSON; an object is not a string. */
export const isJson = formatTest((actual) => {
  try {
    JSON.parse(actual);
    return true;
  } catch {
    // Not parsing is the answer, not a failure.
    return false;
  }
});
