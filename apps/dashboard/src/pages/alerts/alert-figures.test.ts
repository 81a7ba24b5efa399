import type { AlertItem } from "@scouter/contracts";
import { expect, it } from "vitest";
import { alertFigures } from "./alert-figures.ts";

const psi = { Psi: { feature: "wind", drift: 0.4, threshold: 0.1 } };
const item = (overrides: Partial<AlertItem>, kind: AlertItem["profile"]["kind"] = "Psi") =>
  ({
    alert: psi,
    profile: { uid: "u", space: "s", name: "n", version: "0.1.0", kind },
    last_value: 0.4213,
    threshold: 0.1,
    ...overrides,
  }) as AlertItem;

it.each([
  [item({}), "0.421 > 0.1"],
  [item({ last_value: 0.05 }), "0.05 < 0.1"],
  [item({ last_value: 0.1 }), "0.1 = 0.1"],
  [item({ threshold: null }), "0.421"],
  [item({ last_value: null, alert: "None" }), "–"],
  [item({ last_value: 0.8, threshold: 0.9 }, "Agent"), "80 % < 90 %"],
  [
    item({
      last_value: null,
      alert: { Spc: { feature: "x", kind: "Consecutive", zone: "Zone2" } },
    }),
    "one-sided run, zone 2",
  ],
])("figures %#", (alert, words) => {
  expect(alertFigures(alert)).toBe(words);
});
