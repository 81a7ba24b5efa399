import type { AlertMessage } from "@scouter/alerts";
import {
  type AlertTestReply,
  alertTestReply,
  alertTestRequest,
  type DispatchConfig,
  isScouterError,
} from "@scouter/contracts";
import { dispatchOfText } from "../../../alerts/alert-channel-setting.ts";
import { uuidV7 } from "../../../compose/uuid-v7.ts";
import { errors } from "../../../errors.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";

const TIMEOUT_MS = 10_000;

/**
 * `POST /scouter/v2/alerts/test`: one attempt at one channel. What the provider says is part of a 200: its 401 must not look
 * like ours.
 */
export function alertTestRoutes(app: JsonRoutes, { alertChannels, clock, logger }: ApiParts): void {
  app.post(
    "/scouter/v2/alerts/test",
    { schema: { tags: ["alerts"], body: alertTestRequest, response: { 200: alertTestReply } } },
    async (request): Promise<AlertTestReply> => {
      const { channel: given } = request.body;
      const dispatch = dispatchOfText(given);
      if (dispatch === undefined) throw errors.SERVER_ALERT_CHANNEL_UNREADABLE({ given });
      const adapter = alertChannels.of({ dispatch_config: dispatch });
      const dedupKey = `test/${uuidV7(clock.now())}`;
      const message = testMessage(dispatch, clock.now());
      const reply = { channel: adapter.name, dedup_key: dedupKey };
      try {
        await adapter.deliver({ dedupKey, message }, AbortSignal.timeout(TIMEOUT_MS));
        return { ...reply, delivered: true, error: null };
      } catch (error) {
        logger.warn({ err: error, channel: adapter.name }, "a test of an alert channel failed");
        return { ...reply, delivered: false, error: toldError(error) };
      }
    },
  );
}

function testMessage(dispatch: DispatchConfig, nowMs: number): AlertMessage {
  return {
    event: "test",
    space: "scouter",
    name: "alert-test",
    version: "1.0.0",
    profile_uid: "00000000-0000-0000-0000-000000000000",
    drift_type: "Custom",
    window_end: new Date(nowMs).toISOString(),
    alerts: [],
    dispatch_config: dispatch,
  };
}

function toldError(error: unknown): NonNullable<AlertTestReply["error"]> {
  if (isScouterError(error)) {
    const { code, message, remedy = null } = error;
    return { code, message, remedy };
  }
  const { code, message } = errors.SERVER_ALERT_TEST_FAILED({});
  return { code, message, remedy: null };
}
