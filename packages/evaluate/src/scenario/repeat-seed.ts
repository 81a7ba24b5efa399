import { createHash } from "node:crypto";

/** A seed of its own for each repeat, from 0 to 2^31 - 1: it depends on no other scenario and no order. */
export function repeatSeed(seed: number, scenario: string, repeat: number): number {
  const digest = createHash("sha256")
    .update(JSON.stringify([seed, scenario, repeat]))
    .digest();
  return digest.readUInt32BE(0) >>> 1;
}
