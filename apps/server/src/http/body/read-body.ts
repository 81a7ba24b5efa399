import type { IncomingMessage } from "node:http";
import { errors } from "../../errors.ts";

/**
 * The whole body, in memory of its own (never a slice of a pool: it may be handed to another thread).
 *
 * What exceeds the limit is read on and thrown away, so that the sender gets to see the reply.
 *
 * @throws `SERVER_BODY_TOO_LARGE` before anything is read when the sender announced too much, else as soon as the
 * limit is passed
 */
export function readBody(
  body: IncomingMessage,
  limitBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const refuse = () => {
      body.off("data", onData);
      body.resume();
      reject(errors.SERVER_BODY_TOO_LARGE({ limitBytes }));
    };
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > limitBytes) refuse();
      else chunks.push(chunk);
    };
    if (Number(body.headers["content-length"] ?? 0) > limitBytes) return refuse();
    body.on("data", onData);
    body.on("error", (cause) =>
      reject(errors.SERVER_BODY_DAMAGED({ encoding: "http", reason: cause.message }, { cause })),
    );
    body.on("end", () => {
      // `end` also comes after a refusal; the promise is settled then.
      if (size <= limitBytes) resolve(joined(chunks, size));
    });
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
