import { createHmac, timingSafeEqual } from "node:crypto";

/** What a receiver has in hand. */
export interface SignedRequest {
  readonly secret: string;
  /** Header `x-scouter-timestamp`: seconds since 1970. */
  readonly timestamp: string;
  /** Header `x-scouter-signature`. */
  readonly signature: string;
  /** The body as it came, before anything parses it. */
  readonly body: string;
  /** The receiver's time. */
  readonly nowMs: number;
  /** How old or how far ahead the time stamp may be, default 300,000. */
  readonly toleranceMs?: number;
}

/** `v1=` and the HMAC-SHA256, in hex, of `v1.<timestamp>.<body>`. */
export function webhookSignature(secret: string, timestamp: string, body: string): string {
  const digest = createHmac("sha256", secret).update(`v1.${timestamp}.${body}`).digest("hex");
  return `v1=${digest}`;
}

/**
 * Whether a request is ours and fresh. A receiver drops what is not, and within the tolerance what has an
 * `x-scouter-delivery` that it has seen: together no recorded request works twice.
 */
export function isSignedByUs(request: SignedRequest): boolean {
  const { secret, timestamp, signature, body, nowMs, toleranceMs = 300_000 } = request;
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(nowMs - Number(timestamp) * 1000) > toleranceMs) return false;
  const expected = Buffer.from(webhookSignature(secret, timestamp, body));
  const given = Buffer.from(signature);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
