import { expect, it } from "vitest";
import { treeOf } from "../source-tree.ts";
import { errorCatalogue } from "./error-catalogue.ts";

const catalogue = (entries: string) =>
  `import { defineErrors } from "@x/contracts"; export const errors = defineErrors({ ${entries} });`;

const page = (...rows: readonly string[]) =>
  [
    "# Errors of a",
    "",
    "| code | kind | when | what to do |",
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");

function messagesFor(files: Record<string, string>): readonly string[] {
  const tree = treeOf({
    "packages/a/package.json": `{"name":"@x/a"}`,
    "packages/b/package.json": `{"name":"@x/b"}`,
    ...files,
  });
  return errorCatalogue(tree).map(({ message }) => message);
}

const ONE = `A_KEY_BAD: { kind: "invalid", message: (p: { key: string }) => p.key },`;

it("accepts a catalogue that is documented", () => {
  const files = {
    "packages/a/src/errors.ts": catalogue(
      `${ONE} A_GONE: { kind: "not-found", message: "gone" } satisfies object,`,
    ),
    "docs/reference/errors/a.md": page(
      "| `A_KEY_BAD` | invalid | a | b |",
      "| `A_GONE` | `not-found` | a | b |",
    ),
  };
  expect(messagesFor(files)).toEqual([]);
});

const faults: readonly [string, Record<string, string>, string][] = [
  [
    "a code without documentation",
    { "packages/a/src/errors.ts": catalogue(ONE) },
    "'A_KEY_BAD' is not listed in docs/reference/errors/a.md",
  ],
  [
    "a documented code that nobody defines",
    { "docs/reference/errors/a.md": page("| A_OLD | invalid | a | b |") },
    "'A_OLD' is not defined in packages/a",
  ],
  [
    "a kind that differs",
    {
      "packages/a/src/errors.ts": catalogue(ONE),
      "docs/reference/errors/a.md": page("| A_KEY_BAD | conflict | a | b |"),
    },
    "'A_KEY_BAD' is 'invalid' in packages/a/src/errors.ts, 'conflict' here",
  ],
  [
    "the same code in two packages",
    {
      "packages/a/src/errors.ts": catalogue(ONE),
      "packages/b/src/errors.ts": catalogue(ONE),
      "docs/reference/errors/a.md": page("| A_KEY_BAD | invalid | a | b |"),
      "docs/reference/errors/b.md": page("| A_KEY_BAD | invalid | a | b |"),
    },
    "'A_KEY_BAD' is also defined in packages/a/src/errors.ts:1",
  ],
  [
    "a catalogue in another file",
    {
      "packages/a/src/deep/faults.ts": catalogue(ONE),
      "docs/reference/errors/a.md": page("| A_KEY_BAD | invalid | a | b |"),
    },
    "'A_KEY_BAD' is defined outside the catalogue packages/a/src/errors.ts",
  ],
  [
    "a page that the index does not link",
    { "docs/reference/errors/a.md": page(), "docs/reference/errors.md": "[b](errors/b.md)" },
    "does not link docs/reference/errors/a.md",
  ],
  [
    "a page of no package",
    { "docs/reference/errors/c.md": page() },
    "no package has this folder's name",
  ],
];

it.each(faults)("finds %s", (_name, files, message) => {
  expect(messagesFor(files)).toEqual([message]);
});

it("finds a code of the wrong form", () => {
  const files = {
    "packages/a/src/errors.ts": catalogue(`badKey: { kind: "invalid", message: "x" }`),
  };
  expect(messagesFor(files)[0]).toBe(
    "code 'badKey' must be UPPER_SNAKE with its package or concept in front",
  );
});

it("does not look into tests", () => {
  expect(messagesFor({ "packages/a/src/errors.test.ts": catalogue(ONE) })).toEqual([]);
});
