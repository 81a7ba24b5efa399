import type { ScouterError } from "@scouter/contracts";
import { errors } from "../../errors.ts";

const CREDENTIALS: ReadonlySet<string> = new Set([
  "account_inactive",
  "invalid_auth",
  "missing_scope",
  "no_permission",
  "not_allowed_token_type",
  "not_authed",
  "token_expired",
  "token_revoked",
]);
const PASSING: ReadonlySet<string> = new Set([
  "fatal_error",
  "internal_error",
  "request_timeout",
  "service_unavailable",
  "team_added_to_org",
]);
const LIMITS: ReadonlySet<string> = new Set([
  "message_limit_exceeded",
  "rate_limited",
  "ratelimited",
]);

/** What `"ok": false` means. Slack's codes are words; anything else is not repeated. */
export function slackError(channel: string, given: unknown): ScouterError {
  const code = typeof given === "string" && /^[a-z_]{1,64}$/.test(given) ? given : "unknown";
  const attempt = { channel, reason: `error '${code}'` };
  if (CREDENTIALS.has(code)) return errors.ALERTS_UNAUTHORIZED(attempt);
  if (LIMITS.has(code)) return errors.ALERTS_RATE_LIMITED(attempt);
  return PASSING.has(code) ? errors.ALERTS_UNAVAILABLE(attempt) : errors.ALERTS_REFUSED(attempt);
}
