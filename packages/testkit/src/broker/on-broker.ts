import { afterAll, describe, expect, it } from "vitest";
import { reportLeftOut } from "../postgres/test-postgres.ts";
import type { BrokerProcess } from "./broker-process.ts";

/** A kind of broker that may be installed. */
export interface BrokerKind {
  readonly name: string;
  /** What starts it; undefined when it is not installed. */
  find(): string | undefined;
  start(program: string): Promise<BrokerProcess>;
  /** What to do where it is missing. */
  readonly installation: string;
}

/**
 * Defines a suite that needs a broker. Without one, a single test of that name stands in its place and the run says what
 * it left out.
 */
export async function onBroker(
  suite: string,
  kind: BrokerKind,
  define: (broker: BrokerProcess) => void,
): Promise<void> {
  const program = kind.find();
  if (program === undefined) return standIn(suite, kind);
  const broker = await kind.start(program);
  afterAll(() => broker.stop());
  describe(`on ${kind.name}: ${suite}`, () => {
    define(broker);
  });
}

function standIn(suite: string, { name, installation }: BrokerKind): void {
  describe(`on ${name}: ${suite}`, () => {
    it("is left out, loudly", () => {
      const reason = `BROKER_UNAVAILABLE: no ${name} found; ${installation}`;
      reportLeftOut(suite, reason);
      expect(reason).toContain("BROKER_UNAVAILABLE");
    });
  });
}
