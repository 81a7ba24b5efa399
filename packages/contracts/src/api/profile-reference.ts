import { z } from "zod";
import { driftType } from "../profile/agent-profile.ts";

/** Which profile a row is about. */
export const profileReference = z.object({
  uid: z.string(),
  space: z.string(),
  name: z.string(),
  version: z.string(),
  kind: driftType,
});
export type ProfileReference = z.output<typeof profileReference>;

export const profileStatus = z.enum(["active", "inactive"]);
export type ProfileStatus = z.output<typeof profileStatus>;
