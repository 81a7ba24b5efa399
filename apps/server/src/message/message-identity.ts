import type { MessageIdentity } from "@scouter/database";
import { errors } from "../errors.ts";

const MAX_PRODUCER_LENGTH = 200;

/**
 * The identity that a sender gave its message, in HTTP headers or whatever carries names and values elsewhere; undefined
 * when it gave none.
 *
 * @throws `SERVER_MESSAGE_IDENTITY_INVALID`
 */
export function messageIdentity(
  valueOf: (name: string) => string | undefined,
): MessageIdentity | undefined {
  const producer = valueOf("x-scouter-producer");
  const sequence = valueOf("x-scouter-sequence");
  if (producer === undefined && sequence === undefined) return undefined;
  const problem = problemOf(producer, sequence);
  if (problem !== undefined) throw errors.SERVER_MESSAGE_IDENTITY_INVALID({ problem });
  return { producer: producer ?? "", sequence: Number(sequence) };
}

function problemOf(producer = "", sequence = ""): string | undefined {
  if (producer === "") return "x-scouter-producer is missing";
  if (producer.length > MAX_PRODUCER_LENGTH) {
    return `x-scouter-producer has ${producer.length} characters: expected 1 to 200`;
  }
  if (/^\d+$/.test(sequence) && Number.isSafeInteger(Number(sequence))) return undefined;
  return `x-scouter-sequence is '${sequence.slice(0, 40)}': expected an integer from 0`;
}
