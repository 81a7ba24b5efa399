import { z } from "zod";
import { jsonValue } from "../record/scalar.ts";
import { driftType } from "./agent-profile.ts";
import { driftTypeWord, requestedDriftType } from "./requested-drift-type.ts";

export const versionType = z.enum(["Major", "Minor", "Patch", "Pre", "Build", "PreBuild"]);
export type VersionType = z.infer<typeof versionType>;

export const versionRequest = z.object({
  version: z.string().nullish(),
  version_type: versionType,
  pre_tag: z.string().nullish(),
  build_tag: z.string().nullish(),
});
export type VersionRequest = z.output<typeof versionRequest>;

export const profileRequest = z.object({
  space: z.string().min(1),
  drift_type: requestedDriftType,
  /** The profile's JSON as a string (double encoded). */
  profile: z.string(),
  version_request: versionRequest.nullish(),
  active: z.boolean().default(false),
  deactivate_others: z.boolean().default(false),
});
export type ProfileRequest = z.output<typeof profileRequest>;
export type ProfileRequestInput = z.input<typeof profileRequest>;

export const registeredProfileResponse = z.object({
  space: z.string(),
  name: z.string(),
  version: z.string(),
  uid: z.string(),
  status: z.string(),
  active: z.boolean(),
  /** When its first window ends; null when nothing is scheduled. */
  next_run: z.string().nullish(),
});
export type RegisteredProfileResponse = z.output<typeof registeredProfileResponse>;

/** Query parameters hold at most this many bytes (wire 1.5). */
export const MAX_PARAMETER_BYTES = 200;
const parameter = z
  .string()
  .min(1)
  .refine((text) => Buffer.byteLength(text) <= MAX_PARAMETER_BYTES, {
    error: "Query parameter exceeds 200 character limit",
  });

export const getProfileQuery = z.object({
  name: parameter,
  space: parameter,
  version: parameter,
  drift_type: driftTypeWord,
});

export const listProfilesRequest = z.object({
  space: z.string(),
  name: z.string(),
  version: z.string(),
});

/** One row of `GET /scouter/v2/profiles`. */
export const profileSummary = z.object({
  uid: z.string(),
  space: z.string(),
  name: z.string(),
  version: z.string(),
  drift_type: driftType,
  active: z.boolean(),
  created_at: z.string(),
});
export type ProfileSummary = z.output<typeof profileSummary>;

export const taggedProfile = z.partialRecord(driftTypeWord, jsonValue);
