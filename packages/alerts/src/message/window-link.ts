import type { AlertMessage } from "./alert-message.ts";

/** The dashboard's page of the message's window; undefined without a public address, and for tests. */
export function windowLink(
  message: AlertMessage,
  publicUrl: string | undefined,
): string | undefined {
  if (publicUrl === undefined || message.event === "test") return undefined;
  const page = `${publicUrl}/drift/${encodeURIComponent(message.profile_uid)}`;
  return message.window_id === undefined ? page : `${page}?window=${message.window_id}`;
}
