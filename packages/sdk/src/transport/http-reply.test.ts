import { describe, expect, test } from "vitest";
import { sendResultOfReply } from "./http-reply.ts";
import { retryAfterMs } from "./retry-after.ts";
import type { SendResult } from "./transport.ts";

const NOW_MS = Date.UTC(2026, 0, 1);
const stored = { outcome: "acknowledged", rejected: [] } as const;
const item = (index: unknown, code: unknown = "BAD") => ({ index, uid: "u", code, message: "m" });
const rejected = (index: number, code = "BAD") => ({ index, code, message: "m" });

const cases: readonly {
  readonly name: string;
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter?: string;
  readonly result: SendResult;
}[] = [
  { name: "stored", status: 200, body: { status: "success", accepted: 3 }, result: stored },
  {
    name: "stored, as the reference server says it",
    status: 200,
    body: { status: "success", message: "Message queued for processing" },
    result: stored,
  },
  {
    name: "partly stored",
    status: 200,
    body: { status: "partial_success", accepted: 2, rejected: [item(1)] },
    result: { outcome: "acknowledged", rejected: [rejected(1)] },
  },
  {
    name: "positions outside the batch, twice, or unreadable are ignored",
    status: 200,
    body: {
      status: "partial_success",
      rejected: [item(2), item(2, "AGAIN"), item(3), item(-1), item(0.5), item("1"), null, 7],
    },
    result: { outcome: "acknowledged", rejected: [rejected(2)] },
  },
  {
    name: "an item without a code",
    status: 200,
    body: { status: "partial_success", rejected: [item(0, null)] },
    result: { outcome: "acknowledged", rejected: [rejected(0, "REJECTED")] },
  },
  {
    name: "every item refused",
    status: 422,
    body: { error: "none accepted", rejected: [item(0), item(1), item(2)] },
    result: { outcome: "acknowledged", rejected: [rejected(0), rejected(1), rejected(2)] },
  },
  {
    name: "a refusal that lists some items only",
    status: 422,
    body: { error: "no such shape", code: "BAD_REQUEST", rejected: [item(0)] },
    result: { outcome: "failed", code: "BAD_REQUEST", reason: "422: no such shape" },
  },
  {
    name: "our stable code before the wire's generic one",
    status: 400,
    body: { error: "no", code: "BAD_REQUEST", reason: "SERVER_MESSAGE_MALFORMED" },
    result: { outcome: "failed", code: "SERVER_MESSAGE_MALFORMED", reason: "400: no" },
  },
  ...[401, 403, 404, 408, 413].map((status) => ({
    name: "another 4xx is for good",
    status,
    body: { error: "no", code: "NO" },
    result: { outcome: "failed", code: "NO", reason: `${status}: no` } as const,
  })),
  {
    name: "a refusal without a body",
    status: 404,
    body: "",
    result: { outcome: "failed", code: "HTTP_404", reason: "404: empty reply" },
  },
  {
    name: "busy with seconds",
    status: 429,
    body: { error: "busy", code: "RESOURCE_EXHAUSTED" },
    retryAfter: "2",
    result: { outcome: "retry", reason: "429 RESOURCE_EXHAUSTED: busy", retryAfterMs: 2_000 },
  },
  {
    name: "not ready until a date",
    status: 503,
    body: "down",
    retryAfter: "Thu, 01 Jan 2026 00:00:09 GMT",
    result: { outcome: "retry", reason: "503 HTTP_503: down", retryAfterMs: 9_000 },
  },
  ...[500, 502, 503, 504].map((status) => ({
    name: "a fault of the server or of a proxy",
    status,
    body: { error: "oops", code: "OOPS" },
    result: { outcome: "retry", reason: `${status} OOPS: oops` } as const,
  })),
  {
    name: "success of something that is not Scouter",
    status: 200,
    body: "<html>",
    result: { outcome: "retry", reason: "200 without a Scouter reply: '<html>'" },
  },
  {
    name: "success without a body",
    status: 204,
    body: "",
    result: { outcome: "retry", reason: "204 without a Scouter reply: ''" },
  },
];

describe("sendResultOfReply", () => {
  test.for(cases)("$status: $name", ({ status, body, retryAfter, result }) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const reply = { status, retryAfter: retryAfter ?? null, text };
    expect(sendResultOfReply(reply, 3, NOW_MS)).toEqual(result);
  });
});

describe("retryAfterMs", () => {
  test.for<[string | null, number | undefined]>([
    [null, undefined],
    ["", undefined],
    ["soon", undefined],
    ["0", 0],
    ["1.5", 1_500],
    ["-3", 0],
    ["Thu, 01 Jan 2026 00:01:00 GMT", 60_000],
    ["Wed, 31 Dec 2025 23:59:00 GMT", 0],
  ])("%s is %s", ([header, expected]) => {
    expect(retryAfterMs(header, NOW_MS)).toBe(expected);
  });
});
