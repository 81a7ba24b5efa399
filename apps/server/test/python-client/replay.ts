import { isLogin } from "./golden-calls.ts";
import type { RecordedCall } from "./recorder.ts";

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** RFC 3339 with any fraction, and nanoseconds since the epoch: all that clients write. */
const DATE_TIME = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?=[.Z+])/g;
const UNIX_NANOSECONDS = /(?<!\d)1[789]\d{17}(?!\d)/g;

/**
 * Says a recording again to a server with empty data, as if it happened now. The server gives profiles other uids than it
 * did then: where the recording names one of those, the call names today's; times are moved. Each has the length that it
 * had, so lengths within frames stay right.
 */
export class Replay {
  readonly #uids = new Map<string, string>();
  readonly #shiftSeconds: number;

  /** @param shiftSeconds from then to now, a whole number */
  constructor(shiftSeconds: number) {
    this.#shiftSeconds = shiftSeconds;
  }

  /** The recorded bytes with today's uids. */
  bodyOf(call: RecordedCall): Buffer {
    const bytes = Buffer.from(call.body, call.protocol === "grpc" ? "base64" : "utf8");
    // Latin 1 keeps every byte of a frame as it is.
    return Buffer.from(this.#today(bytes.toString("latin1")), "latin1");
  }

  pathOf(call: RecordedCall): string {
    return this.#today(call.path);
  }

  /** To be told of each HTTP reply: registrations name the uid of then and of today. */
  learn(call: RecordedCall, reply: string): void {
    if (call.path !== "/scouter/profile" || call.method !== "POST") return;
    const then = (JSON.parse(call.reply) as { uid: string }).uid;
    this.#uids.set(then, (JSON.parse(reply) as { uid: string }).uid);
  }

  #today(text: string): string {
    return text
      .replaceAll(UUID, (uid) => this.#uids.get(uid) ?? uid)
      .replaceAll(DATE_TIME, (then) => {
        const ms = Date.parse(`${then}Z`) + this.#shiftSeconds * 1_000;
        return new Date(ms).toISOString().slice(0, then.length);
      })
      .replaceAll(UNIX_NANOSECONDS, (then) =>
        String(BigInt(then) + BigInt(this.#shiftSeconds) * 1_000_000_000n),
      );
  }
}

/**
 * The names and types within a JSON value, as text: what a typed client depends on. Names that `model` lacks are left out: a
 * reply may gain fields, and lose none.
 */
export function shapeOf(value: unknown, model: unknown = value): unknown {
  if (Array.isArray(value)) {
    const [first] = Array.isArray(model) ? (model as readonly unknown[]) : [undefined];
    return value.length === 0 ? [] : [shapeOf(value[0], first)];
  }
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  const known = typeof model === "object" && model !== null ? model : {};
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key in known)
      .map(([key, member]) => [key, shapeOf(member, (known as Record<string, unknown>)[key])])
      .toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1)),
  );
}

/** Replies that are compared: a login's token is another each time, and charts hold what was there at that time. */
export function hasFixedShape(call: RecordedCall): boolean {
  return !isLogin(call) && call.protocol === "http" && !call.path.startsWith("/scouter/drift/");
}
