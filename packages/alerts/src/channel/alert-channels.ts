import type { DispatchConfig } from "@scouter/contracts";
import { errors } from "../errors.ts";
import type { AlertMessage } from "../message/alert-message.ts";
import type { AlertChannel } from "./alert-channel.ts";

/** The channels of a server, by name. */
export class AlertChannels {
  readonly #channels = new Map<string, AlertChannel>();

  constructor(channels: readonly AlertChannel[] = []) {
    for (const channel of channels) this.register(channel);
  }

  /** @throws `ALERTS_CHANNEL_TWICE` */
  register(channel: AlertChannel): void {
    if (this.#channels.has(channel.name)) {
      throw errors.ALERTS_CHANNEL_TWICE({ channel: channel.name });
    }
    this.#channels.set(channel.name, channel);
  }

  /** The channel that a message names; one that rejects when there is none, so that the delivery log says so. */
  of({ dispatch_config: dispatch }: Pick<AlertMessage, "dispatch_config">): AlertChannel {
    const name = channelNameOf(dispatch);
    return this.#channels.get(name) ?? this.#unknown(name);
  }

  #unknown(channel: string): AlertChannel {
    return {
      name: channel,
      deliver: () =>
        Promise.reject(
          errors.ALERTS_CHANNEL_UNKNOWN({ channel, known: [...this.#channels.keys()] }),
        ),
    };
  }
}

/** What the channel is called that a dispatch_config names. */
export function channelNameOf(dispatch: DispatchConfig): string {
  if ("Other" in dispatch) return dispatch.Other.name;
  const [tag = ""] = Object.keys(dispatch);
  return tag.toLowerCase();
}

/** Whether a channel keeps an incident for each alert, and so wants them one by one and hears when they are over. */
export function keepsIncidents(dispatch: DispatchConfig): boolean {
  return "PagerDuty" in dispatch || "Alertmanager" in dispatch;
}
