/** How much of a value is kept. */
export interface CaptureLimits {
  /** Characters (UTF-16 code units) of one string; longer ones end in `...[truncated]`. Default 1,000. */
  readonly maxLength?: number;
  /** Levels of nesting; deeper parts become `[too deep]`. Default 8. */
  readonly maxDepth?: number;
  /** Characters of the whole JSON text; what does not fit becomes `[too large]`. Default 32,768. */
  readonly maxSize?: number;
}

export const TRUNCATED = "...[truncated]";

interface Budget {
  readonly limits: Required<CaptureLimits>;
  left: number;
  readonly above: Set<object>;
}

/**
 * JSON text of any value, for a span's input or output. It never throws and always ends: circles, getters that throw,
 * huge and deep values have their forms too. Dates become RFC 3339, maps objects, sets and typed arrays lists, bytes
 * base64, bigints text, functions and symbols their names; NaN and the infinities null.
 */
export function captureValue(value: unknown, limits: CaptureLimits = {}): string {
  const { maxLength = 1_000, maxDepth = 8, maxSize = 32_768 } = limits;
  const budget: Budget = {
    limits: { maxLength, maxDepth, maxSize },
    left: maxSize,
    above: new Set(),
  };
  try {
    return JSON.stringify(captured(value, 0, budget)) ?? "null";
  } catch {
    return '"[not readable]"';
  }
}

/** A string cut at `maxLength` code units, never within a pair of surrogates. */
export function truncateText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const last = text.charCodeAt(maxLength - 1);
  const end = last >= 0xd800 && last <= 0xdbff ? maxLength - 1 : maxLength;
  return text.slice(0, end) + TRUNCATED;
}

function captured(value: unknown, depth: number, budget: Budget): unknown {
  if (budget.left <= 0) return "[too large]";
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case "string":
      return spend(truncateText(value, budget.limits.maxLength).toWellFormed(), budget);
    case "number":
      budget.left -= 8;
      return Number.isFinite(value) ? value : null;
    case "boolean":
      budget.left -= 5;
      return value;
    case "bigint":
      return spend(truncateText(String(value), budget.limits.maxLength), budget);
    case "function":
      return `[function ${value.name}]`;
    case "symbol":
      return `[${String(value)}]`;
    default:
      return capturedObject(value, depth, budget);
  }
}

function spend(text: string, budget: Budget): string {
  const fitting = text.length <= budget.left ? text : truncateText(text, Math.max(1, budget.left));
  budget.left -= fitting.length + 2;
  return fitting;
}

function capturedObject(value: object, depth: number, budget: Budget): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Error) return spend(`${value.name}: ${value.message}`, budget);
  if (ArrayBuffer.isView(value) && !isNumberArray(value)) return bytesText(value, budget);
  if (budget.above.has(value)) return "[circular]";
  if (depth >= budget.limits.maxDepth) return "[too deep]";
  budget.above.add(value);
  try {
    return capturedParts(value, depth, budget);
  } catch {
    // A getter or an iterator of the app failed.
    return "[not readable]";
  } finally {
    budget.above.delete(value);
  }
}

function capturedParts(value: object, depth: number, budget: Budget): unknown {
  if (isIterable(value) && !(value instanceof Map)) return capturedList(value, depth, budget);
  if ("toJSON" in value && typeof value.toJSON === "function") {
    return captured((value as { toJSON(): unknown }).toJSON(), depth + 1, budget);
  }
  const entries: Iterable<[unknown, unknown]> =
    value instanceof Map ? value.entries() : Object.entries(value);
  const result: Record<string, unknown> = {};
  for (const [key, part] of entries) {
    if (budget.left <= 0) {
      result["..."] = "[too large]";
      break;
    }
    if (part === undefined) continue;
    const name = spend(truncateText(String(key), budget.limits.maxLength), budget);
    Object.defineProperty(result, name, {
      value: captured(part, depth + 1, budget),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return result;
}

/** Only of collections: iterating a generator of the app would use it up. */
function capturedList(values: Iterable<unknown>, depth: number, budget: Budget): unknown[] {
  const list: unknown[] = [];
  for (const part of values) {
    if (budget.left <= 0) {
      list.push("[too large]");
      break;
    }
    list.push(captured(part, depth + 1, budget));
  }
  return list;
}

function isIterable(value: object): value is Iterable<unknown> {
  return (
    Array.isArray(value) || value instanceof Set || value instanceof Map || isNumberArray(value)
  );
}

function isNumberArray(value: object): value is Float64Array {
  return (
    ArrayBuffer.isView(value) && !(value instanceof DataView) && !(value instanceof Uint8Array)
  );
}

function bytesText(value: ArrayBufferView, budget: Budget): string {
  // Three bytes become four characters.
  const fitting = Math.min(value.byteLength, Math.ceil((budget.limits.maxLength * 3) / 4));
  const text = Buffer.from(value.buffer, value.byteOffset, fitting).toString("base64");
  return spend(fitting < value.byteLength ? text + TRUNCATED : text, budget);
}
