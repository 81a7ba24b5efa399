import * as fc from "fast-check";
import { expect, it } from "vitest";
import { LayeredMap } from "./layered-map.ts";

it("is a Map that can be changed without changing earlier versions", () => {
  const key = fc.integer({ min: 0, max: 300 }).map(String);
  const change = fc.tuple(key, fc.option(fc.nat(), { nil: undefined }));
  const step = fc.array(change, { maxLength: 40 });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      let map = LayeredMap.empty<number>();
      let model = new Map<string, number>();
      const versions: [LayeredMap<number>, Map<string, number>][] = [];
      for (const changes of steps) {
        map = map.with(new Map(changes));
        model = new Map(model);
        for (const [name, value] of new Map(changes)) {
          if (value === undefined) model.delete(name);
          else model.set(name, value);
        }
        versions.push([map, model]);
      }
      for (const [version, expected] of versions) {
        expect(new Map(version.entries())).toEqual(expected);
        expect(version.size).toBe(expected.size);
        expect(version.get("7")).toBe(expected.get("7"));
      }
    }),
    { numRuns: 50 },
  );
});
