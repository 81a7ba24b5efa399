import { expect, it } from "vitest";
import { slackBlocks } from "../channel/slack/slack-blocks.ts";
import { alertMessage } from "./alert-message.ts";
import { messageText, messageTitle } from "./message-text.ts";
import { windowLink } from "./window-link.ts";

const message = alertMessage.parse({
  event: "regression",
  space: "team",
  name: "support questions",
  version: "nightly-12",
  profile_uid: "",
  drift_type: "Agent",
  window_end: "2026-03-09T10:30:00Z",
  text: "Regression\nscenarios: pass rate fell from 100 % to 74.4 %",
  run: 17,
  alerts: [],
  dispatch_config: { Console: { enabled: true } },
});

it("tells of the suite, the run and what fell, with a link to the run", () => {
  expect(messageTitle(message)).toBe("Offline evaluation of team/support questions/nightly-12");
  expect(messageText(message, "console")).toBe(message.text);
  expect(windowLink(message, "https://scouter.example")).toBe("https://scouter.example/runs/17");
  expect(windowLink({ ...message, run: undefined }, "https://scouter.example")).toBeUndefined();
  const slack = JSON.stringify(slackBlocks({ dedupKey: "k", message }, "https://scouter.example"));
  expect(slack).toContain("pass rate fell from 100 % to 74.4 %");
  expect(slack).toContain("Open the run");
});
