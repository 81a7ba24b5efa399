import { systemClock } from "@scouter/contracts";
import { clockContract } from "../contract/clock.ts";
import { ManualClock } from "./manual-clock.ts";

clockContract("the system's", () => ({
  clock: systemClock,
  pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms + 1)),
}));

clockContract("the test's own", () => {
  const clock = new ManualClock();
  return { clock, pass: (ms) => clock.advance(ms) };
});
