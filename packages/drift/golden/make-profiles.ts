/**
 * Makes the profiles in golden/profiles. Run by hand:
 * node --conditions=scouter-source packages/drift/golden/make-profiles.ts
 *
 * Once a file is released it stays: a later form gets a file of its own, so that old profiles are read for ever.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { createCustomProfile, createPsiProfile, createSpcProfile } from "../src/index.ts";

const folder = new URL("profiles/", import.meta.url);
const owner = {
  space: "flights",
  name: "delay",
  version: "1.2.0",
  uid: "0194f0c3-7c5e-7000-8000-000000000000",
  timestamp: "2026-01-01T00:00:00Z",
  scouterVersion: "0.1.0",
} as const;
const rows = Array.from({ length: 60 }, (_, i) => i);
const table = {
  distance: rows.map((i) => 100 + ((i * 37) % 60) * 12.5),
  carrier: rows.map((i) => ["UA", "AA", "DL"][(i * i) % 3] as string),
};

/** Without what only our own profiles have, and with a field that nobody knows. */
function asOtherClients(profile: object): object {
  const known = JSON.parse(JSON.stringify(profile)) as {
    features?: Record<string, { baseline_count?: number }>;
    config: { alert_config: Record<string, unknown> };
  };
  for (const feature of Object.values(known.features ?? {})) delete feature.baseline_count;
  for (const field of ["form", "min_effect", "false_discovery"]) {
    delete known.config.alert_config[field];
  }
  return { ...known, note_of_another_version: { kept: [1, null, "as it came"] } };
}

const psi = createPsiProfile({ ...owner, table }).profile;
const psiEqualWidth = createPsiProfile({
  ...owner,
  table,
  binning: { EqualWidthBinning: { method: { Doane: null } } },
  alert: {
    threshold: { Normal: { alpha: 0.01 } },
    dispatch_config: { OpsGenie: { team: "ml", priority: "P5" } },
    features_to_monitor: ["distance"],
    time_zone: "Europe/Berlin",
    persistence: { hits: 2, of: 3 },
    cool_down_seconds: 3600,
  },
}).profile;
const spc = createSpcProfile({ ...owner, table });
const custom = createCustomProfile({
  ...owner,
  metrics: [
    { name: "mae", baseline: 12.5, threshold: "Outside", delta: 2 },
    { name: "accuracy", baseline: 0.75, threshold: "Below" },
  ],
  alert: { dispatch_config: { Slack: { channel: "#delays" } }, schedule: "0 0 * * * *" },
});

const files = {
  "psi-quantile-and-category": psi,
  "psi-equal-width": psiEqualWidth,
  "psi-of-another-client": asOtherClients(psi),
  spc,
  "spc-of-another-client": asOtherClients(spc),
  custom,
  "custom-of-another-client": asOtherClients(custom),
};
mkdirSync(folder, { recursive: true });
for (const [name, profile] of Object.entries(files)) {
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(profile, null, 2)}\n`);
}
