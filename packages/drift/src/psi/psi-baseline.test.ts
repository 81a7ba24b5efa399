import type { BinningStrategy } from "@scouter/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batchOf } from "../table/column-batch.ts";
import type { Table } from "../table/column.ts";
import {
  type CreatedPsiProfile,
  assemblePsiProfile,
  createPsiProfile,
} from "./create-psi-profile.ts";
import { PsiBaseline } from "./psi-baseline.ts";

const OWNER = {
  uid: "0194f0c3-7c5e-7000-8000-000000000000",
  timestamp: "2026-01-01T00:00:00Z",
  scouterVersion: "0.1.0",
} as const;
const QUANTILES: BinningStrategy = { QuantileBinning: { num_bins: 4 } };

interface Given {
  readonly table: Table;
  readonly binning?: BinningStrategy;
  readonly categoricalFeatures?: readonly string[];
}

/** The profile of a table whose rows come in parts of `rows`, twice. */
function inParts(given: Given, rows: number): CreatedPsiProfile {
  const { table, binning = QUANTILES, categoricalFeatures = [] } = given;
  const count = Object.values(table)[0]?.length ?? 0;
  const parts: Table[] = [];
  for (let start = 0; start < count; start += rows) {
    const cut = Object.entries(table).map(([name, column]) => {
      const values = Array.from(column as ArrayLike<number | null>);
      return [name, values.slice(start, start + rows)] as const;
    });
    parts.push(Object.fromEntries(cut));
  }
  const baseline = new PsiBaseline({ binning, categoricalFeatures });
  for (const part of parts) baseline.add(batchOf(part));
  for (const part of parts) baseline.addAgain(batchOf(part));
  return assemblePsiProfile({ ...OWNER, binning }, baseline.finish());
}
const atOnce = ({ binning = QUANTILES, ...given }: Given) =>
  createPsiProfile({ ...OWNER, ...given, binning });

const methods = ["Doane", "Scott", "FreedmanDiaconis", "Sturges"] as const;
const strategy = fc.oneof(
  fc
    .integer({ min: 2, max: 12 })
    .map((num_bins): BinningStrategy => ({ QuantileBinning: { num_bins } })),
  fc
    .constantFrom(...methods)
    .map((rule): BinningStrategy => ({ EqualWidthBinning: { method: { [rule]: null } as never } })),
);

describe("a baseline that comes in parts", () => {
  it("gives the bins of one that is in memory, while its sketch is exact", () => {
    const value = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constantFrom(NaN, Infinity));
    const columns = fc.integer({ min: 1, max: 80 }).chain((rows) =>
      fc.record({
        n: fc.array(value, { minLength: rows, maxLength: rows }),
        code: fc.array(fc.integer({ min: -2, max: 3 }), { minLength: rows, maxLength: rows }),
        text: fc.array(fc.constantFrom("a", "é", "missing", "constructor"), {
          minLength: rows,
          maxLength: rows,
        }),
      }),
    );
    fc.assert(
      fc.property(columns, fc.integer({ min: 1, max: 30 }), strategy, (table, rows, binning) => {
        fc.pre(table.n.some(Number.isFinite));
        const given = { table, binning, categoricalFeatures: ["code"] };
        expect(inParts(given, rows)).toEqual(atOnce(given));
      }),
    );
  });

  it("has nearly equal shares in quantile bins of many rows, and exact counts", () => {
    const table = { n: Array.from({ length: 100_000 }, (_, i) => Math.sin(i) * 50) };
    const binning: BinningStrategy = { QuantileBinning: { num_bins: 10 } };
    const { profile } = inParts({ table, binning }, 7000);
    const bins = profile.features["n"]?.bins ?? [];
    for (const bin of bins) {
      expect(Math.abs(bin.proportion - 0.1)).toBeLessThan(1e-3);
      const [low, high] = [bin.lower_limit, bin.upper_limit].map((limit) =>
        typeof limit === "number" ? limit : limit === "inf" ? Infinity : -Infinity,
      ) as [number, number];
      const exact = table.n.filter((value) => low < value && value <= high).length;
      expect(bin.proportion).toBe(exact / table.n.length);
    }
  });

  it.each<[string, Given, string]>([
    [
      "no usable value",
      { table: { n: [NaN, null] } },
      "no drift profile of feature 'n': 0 usable values",
    ],
    [
      "a categorical feature that is not there",
      { table: { n: [1] }, categoricalFeatures: ["m"] },
      "feature 'm' of categoricalFeatures not found",
    ],
    [
      "too many categories",
      { table: { id: Array.from({ length: 10_001 }, (_, i) => `id ${i}`) } },
      "feature 'id' has more than 10000 categories",
    ],
    [
      "too many codes",
      { table: { id: Array.from({ length: 10_001 }, (_, i) => i) }, categoricalFeatures: ["id"] },
      "feature 'id' has more than 10000 categories",
    ],
  ])("is refused with %s, as in memory", (_, given, message) => {
    expect(() => inParts(given, 5000)).toThrow(message);
    expect(() => atOnce(given)).toThrow(message);
  });
});
