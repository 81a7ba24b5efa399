import { systemClock } from "@scouter/contracts";
import type { Kysely } from "kysely";
import { describe, expect, it } from "vitest";
import { DriverError } from "../driver/driver-error.ts";
import { Session } from "./session.ts";
import type { Tables } from "./tables.ts";

const deadlock = () => new DriverError({ message: "deadlock detected", sqlState: "40P01" });

/** Work never touches the database here. */
const noDatabase = {} as Kysely<Tables>;
const instantClock = { ...systemClock, sleep: () => Promise.resolve() };

describe("Session", () => {
  it("tries contended work again", async () => {
    const session = new Session(noDatabase, instantClock);
    let attempts = 0;
    const work = () => {
      attempts += 1;
      return attempts < 5 ? Promise.reject(deadlock()) : Promise.resolve("done");
    };
    expect(await session.run(work)).toBe("done");
    expect(attempts).toBe(5);
  });

  it("gives up with kind busy after five attempts", async () => {
    const session = new Session(noDatabase, instantClock);
    let attempts = 0;
    const work = () => {
      attempts += 1;
      return Promise.reject(deadlock());
    };
    await expect(session.run(work)).rejects.toMatchObject({ code: "DATABASE_CONTENDED" });
    expect(attempts).toBe(5);
  });

  it("tries nothing else again", async () => {
    const session = new Session(noDatabase, instantClock);
    let attempts = 0;
    const work = () => {
      attempts += 1;
      return Promise.reject(new DriverError({ message: "no", sqlState: "57P01" }));
    };
    await expect(session.run(work)).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
    expect(attempts).toBe(1);
  });

  it("closes when the running work has ended, failed work included", async () => {
    const session = new Session(noDatabase, instantClock);
    const gate = Promise.withResolvers<string>();
    const running = session.run(() => gate.promise);
    let isClosed = false;
    const closing = session.close().then(() => (isClosed = true));
    await expect(session.run(() => Promise.resolve())).rejects.toMatchObject({
      code: "DATABASE_CLOSED",
    });
    expect(isClosed).toBe(false);
    gate.reject(new Error("late"));
    await expect(running).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
    await closing;
    expect(isClosed).toBe(true);
  });
});
