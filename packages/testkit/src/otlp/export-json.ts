import type { ExportRequest } from "./export-request.ts";

/** The liberties that senders of OTLP/JSON take. The defaults are what the standard says. */
export interface JsonStyle {
  readonly longs?: "text" | "number";
  readonly ids?: "lower" | "upper";
  readonly enums?: "number" | "name";
  readonly keys?: "camel" | "snake";
}

const IDS: ReadonlySet<string> = new Set(["traceId", "spanId", "parentSpanId"]);
const KIND_NAMES = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];
const STATUS_NAMES = ["UNSET", "OK", "ERROR"];

/** Text put into JSON as it stands, for numbers that a double cannot hold. */
const rawJson = (JSON as unknown as { rawJSON: (text: string) => unknown }).rawJSON;

/** The request as OTLP/JSON text. */
export function exportRequestJson(request: ExportRequest, style: JsonStyle = {}): string {
  return JSON.stringify(jsonOf("", request, style));
}

/** The request as the message body `{"request": ...}`. */
export function exportMessageJson(request: ExportRequest, style: JsonStyle = {}): string {
  return JSON.stringify({ request: jsonOf("", request, style) });
}

function jsonOf(key: string, value: unknown, style: JsonStyle): unknown {
  if (value instanceof Uint8Array) return bytesJson(key, value, style);
  if (typeof value === "bigint") {
    return style.longs === "number" ? rawJson(value.toString()) : value.toString();
  }
  if (typeof value === "number") return numberJson(key, value, style);
  if (Array.isArray(value)) return value.map((item) => jsonOf("", item, style));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      style.keys === "snake" ? snakeCase(name) : name,
      jsonOf(name, member, style),
    ]),
  );
}

function bytesJson(key: string, bytes: Uint8Array, style: JsonStyle): string {
  const buffer = Buffer.from(bytes);
  if (!IDS.has(key)) return buffer.toString("base64");
  const id = buffer.toString("hex");
  return style.ids === "upper" ? id.toUpperCase() : id;
}

function numberJson(key: string, value: number, style: JsonStyle): unknown {
  if (key === "doubleValue") {
    if (!Number.isFinite(value)) return String(value);
    return Object.is(value, -0) ? rawJson("-0.0") : value;
  }
  if (style.enums !== "name") return value;
  if (key === "kind" && value in KIND_NAMES) return `SPAN_KIND_${KIND_NAMES[value]}`;
  if (key === "code" && value in STATUS_NAMES) return `STATUS_CODE_${STATUS_NAMES[value]}`;
  return value;
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
