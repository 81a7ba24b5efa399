import type { TraceFacets } from "@scouter/contracts";
import { expect, it } from "vitest";
import { facetRows } from "./facet-values.ts";

type Counts = readonly (readonly [string, number])[];

function facets(service: Counts): TraceFacets {
  return {
    start: "",
    end: "",
    total: 0,
    facets: {
      service: service.map(([value, count]) => ({ value, count })),
      status: [],
      root_name: [],
      kind: [],
      model: [],
    },
  };
}

const all = facets([
  ["shop", 10],
  ["cart", 4],
]);

it.each<[string, string, Counts, Counts]>([
  [
    "nothing is filtered",
    "",
    [
      ["shop", 10],
      ["cart", 4],
    ],
    [
      ["shop", 10],
      ["cart", 4],
    ],
  ],
  [
    "another field is filtered",
    "status:error",
    [["shop", 2]],
    [
      ["shop", 2],
      ["cart", 0],
    ],
  ],
  [
    "the field has a choice",
    "service:shop",
    [["shop", 10]],
    [
      ["shop", 10],
      ["cart", 4],
    ],
  ],
])("when %s", (_case, filter, matching, expected) => {
  const rows = facetRows("service", filter, { all, matching: facets(matching) });
  expect(rows.map(({ value, count }) => [value, count])).toEqual(expected);
  expect(rows.filter(({ isChosen }) => isChosen).map(({ value }) => value)).toEqual(
    filter.startsWith("service") ? ["shop"] : [],
  );
});
