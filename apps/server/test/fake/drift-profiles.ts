import type { JsonObject } from "@scouter/contracts";
import { createCustomProfile, createPsiProfile, createSpcProfile } from "@scouter/drift";

const table = { delay: Array.from({ length: 400 }, (_, i) => (i * 7) % 40) };
const owner = {
  space: "flights",
  name: "delays",
  uid: "0194f0c3-7c5e-7000-8000-000000000000",
  scouterVersion: "0.1.0",
  timestamp: "2026-01-01T00:00:00Z",
};
const alert = { schedule: "0 0 * * * *" };

/** One sound profile of each kind that watches numbers, with a field that nobody knows. */
export const driftProfiles = {
  Spc: withUnknown(createSpcProfile({ ...owner, table, alert })),
  Psi: withUnknown(createPsiProfile({ ...owner, table, alert }).profile),
  Custom: withUnknown(
    createCustomProfile({
      ...owner,
      metrics: [{ name: "mae", baseline: 2, threshold: "Above", delta: 1 }],
      alert,
    }),
  ),
} as const;

function withUnknown(profile: object): JsonObject {
  return JSON.parse(
    JSON.stringify({ zzz_unknown_field: { kept: true }, ...profile }),
  ) as JsonObject;
}
