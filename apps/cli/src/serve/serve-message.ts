import type { ServerUrls } from "@scouter/server";

/** What `scouter serve` tells the process that started it. */
export type ServeMessage =
  | { readonly kind: "started"; readonly urls: ServerUrls }
  | {
      readonly kind: "refused";
      /** Of the error's catalogue. */
      readonly code: string;
      readonly message: string;
      readonly remedy: string;
      readonly ourFault: boolean;
    };

/** The message, when it is one of ours. */
export function asServeMessage(message: unknown): ServeMessage | undefined {
  if (typeof message !== "object" || message === null || !("kind" in message)) return undefined;
  return message.kind === "started" || message.kind === "refused"
    ? (message as ServeMessage)
    : undefined;
}
