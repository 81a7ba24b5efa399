import { defineErrors } from "@scouter/contracts";

interface Attempt {
  readonly channel: string;
  /** Such as `status 429` or `error 'channel_not_found'`; never a provider's free text, which may repeat secrets. */
  readonly reason: string;
}

const message = ({ channel, reason }: Attempt) => `channel '${channel}': ${reason}`;

/** The package's error catalogue; every channel translates its provider's errors into these. */
export const errors = defineErrors({
  ALERTS_RATE_LIMITED: {
    kind: "busy",
    message,
    remedy: "nothing: it is sent again after the pause that the provider asks for",
  },
  ALERTS_TIMEOUT: {
    kind: "timeout",
    message,
    remedy: "check that the provider can be reached from the server, through its proxy or firewall",
  },
  ALERTS_UNAVAILABLE: {
    kind: "unavailable",
    message,
    remedy: "check the channel's URL and the provider's status page if it goes on",
  },
  ALERTS_ANSWER_UNREADABLE: {
    kind: "unavailable",
    message,
    remedy: "check that the channel's URL speaks the provider's protocol",
  },
  ALERTS_UNAUTHORIZED: {
    kind: "unauthorized",
    message,
    remedy: "check the channel's key or token and what it is allowed to do",
  },
  ALERTS_REFUSED: {
    kind: "invalid",
    message,
    remedy: "check the target in the profile's dispatch_config and the channel's URL",
  },
  ALERTS_CHANNEL_UNKNOWN: {
    kind: "not-found",
    message: (p: { channel: string; known: readonly string[] }) =>
      `no alert channel has the name '${p.channel}': there are ${p.known.join(", ")}`,
    remedy: "correct the profile's dispatch_config, or register the channel when the server starts",
  },
  ALERTS_CHANNEL_NOT_CONFIGURED: {
    kind: "invalid",
    message: (p: { channel: string; needs: string }) =>
      `channel '${p.channel}' is not configured on this server`,
    remedy: (p: { channel: string; needs: string }) => `set ${p.needs} and restart the server`,
  },
  ALERTS_CHANNEL_TWICE: {
    kind: "conflict",
    message: (p: { channel: string }) =>
      `an alert channel with the name '${p.channel}' is registered already`,
    remedy: "give the channel another name",
  },
  ALERTS_SETTING_INVALID: {
    kind: "invalid",
    message: (p: { channel: string; setting: string; allowed: string }) =>
      `channel '${p.channel}': ${p.setting} is not as expected: ${p.allowed}`,
    remedy: "correct the server's configuration",
  },
});
