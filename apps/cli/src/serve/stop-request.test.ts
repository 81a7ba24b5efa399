import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { expect, it } from "vitest";
import { testTerminal } from "../../test/test-terminal.ts";
import { listenForStop } from "./stop-request.ts";

it("resolves with the first signal, and takes its echoes for the same wish", async () => {
  const terminal = testTerminal();
  const clock = new ManualClock();
  const stop = listenForStop(terminal, clock);
  terminal.signals.emit("SIGINT");
  terminal.signals.emit("SIGTERM");
  await clock.advance(400);
  terminal.signals.emit("SIGINT");
  expect(await stop.requested).toBe("SIGINT");
  expect(terminal.abandoned).toEqual([]);
});

it("ends the process at once on a second, later signal", async () => {
  const terminal = testTerminal();
  const clock = new ManualClock();
  listenForStop(terminal, clock);
  terminal.signals.emit("SIGTERM");
  await clock.advance(501);
  terminal.signals.emit("SIGTERM");
  expect(terminal.abandoned).toEqual([130]);
  expect(terminal.stderr()).toContain("without an orderly stop");
});

it("takes the loss of the parent for a wish, but never for a second one", async () => {
  const terminal = testTerminal({ parent: true });
  const clock = new ManualClock();
  const stop = listenForStop(terminal, clock);
  terminal.loseParent();
  expect(await stop.requested).toBe("the parent process has ended");
  const other = testTerminal({ parent: true });
  const second = listenForStop(other, clock);
  other.signals.emit("SIGTERM");
  await clock.advance(10_000);
  other.loseParent();
  expect(await second.requested).toBe("SIGTERM");
  expect(other.abandoned).toEqual([]);
});

it("leaves signals alone after its release", () => {
  const terminal = testTerminal();
  listenForStop(terminal, new ManualClock()).release();
  expect(terminal.signals.eventNames()).toEqual([]);
});
