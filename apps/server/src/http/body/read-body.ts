import type { IncomingMessage } from "node:http";
import { errors } from "../../errors.ts";

/** A refused body is read on and thrown away up to this many times the limit. */
const DISCARD_FACTOR = 4;

/**
 * The whole body, in memory of its own (never a slice of a pool: it may be handed to another thread).
 *
 * The rest of a body past the limit is read and thrown away before the refusal, up to four times the limit: a sender
 * whose connection breaks while it still writes does not get to see the reply. Beyond that it is refused at once.
 *
 * @throws `SERVER_BODY_TOO_LARGE`, `SERVER_BODY_DAMAGED` when the connection breaks
 */
export function readBody(
  body: IncomingMessage,
  limitBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const refuse = () => reject(errors.SERVER_BODY_TOO_LARGE({ limitBytes }));
    body.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limitBytes) chunks.push(chunk);
      else chunks.length = 0;
      if (size > limitBytes * DISCARD_FACTOR) refuse();
    });
    body.on("error", (cause) =>
      reject(errors.SERVER_BODY_DAMAGED({ encoding: "http", reason: cause.message }, { cause })),
    );
    body.on("end", () => {
      if (size > limitBytes) refuse();
      else resolve(joined(chunks, size));
    });
    const announced = Number(body.headers["content-length"] ?? 0);
    if (announced > limitBytes * DISCARD_FACTOR) refuse();
  });
}

function joined(chunks: readonly Buffer[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
