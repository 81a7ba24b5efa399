import type { FastifyReply } from "fastify";

/** Aborts when the client goes away before its reply was sent: nobody waits for the answer any more. */
export function disconnectSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
