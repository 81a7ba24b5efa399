import type { AlertMessage } from "./alert-message.ts";

/** The dashboard's page of the message's window, or of its run; undefined without a public address, and for tests. */
export function windowLink(
  message: AlertMessage,
  publicUrl: string | undefined,
): string | undefined {
  if (publicUrl === undefined || message.event === "test") return undefined;
  if (message.event === "regression") {
    return message.run === undefined ? undefined : `${publicUrl}/runs/${message.run}`;
  }
  const page = `${publicUrl}/drift/${encodeURIComponent(message.profile_uid)}`;
  return message.window_id === undefined ? page : `${page}?window=${message.window_id}`;
}
