import type { Clock } from "@scouter/contracts";
import type { Judging } from "@scouter/evaluate";
import { type Environment, readConfig } from "../config/read-config.ts";
import { makeJudging } from "./make-judging.ts";

/**
 * Judges as the server's own variables configure them, for programs that judge without a server.
 *
 * @throws `SERVER_CONFIG_INVALID`
 */
export function judgingFromEnvironment(
  env: Environment,
  clock: Clock,
  random: () => number,
): Judging {
  return makeJudging({ config: readConfig(env).config.evaluation.judge, clock, random });
}
