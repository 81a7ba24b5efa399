const TRACE_ID = /^[0-9a-f]{32}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;
const NO_TRACE_ID = "0".repeat(32);
const NO_SPAN_ID = "0".repeat(16);

/** Whether the text is 32 lower-case hexadecimal digits, not all zero. */
export function isTraceId(text: string): boolean {
  return TRACE_ID.test(text) && text !== NO_TRACE_ID;
}

/** Whether the text is 16 lower-case hexadecimal digits, not all zero. */
export function isSpanId(text: string): boolean {
  return SPAN_ID.test(text) && text !== NO_SPAN_ID;
}

/** Whether a parent span id says that there is no parent: empty, or all zero as some exporters write it. */
export function isNoParent(text: string): boolean {
  return text === "" || text === NO_SPAN_ID;
}
