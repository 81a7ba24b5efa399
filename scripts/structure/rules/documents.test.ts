import { describe, expect, it } from "vitest";
import type { Rule } from "./index.ts";
import { treeOf } from "../source-tree.ts";
import { decisionNotes } from "./decision-notes.ts";
import { documentLinks } from "./document-links.ts";
import { documentedPaths } from "./documented-paths.ts";
import { packageReadmes } from "./package-readmes.ts";

const messages = (rule: Rule, files: Record<string, string>) =>
  rule(treeOf(files)).map(({ file, message }) => `${file}: ${message}`);

describe("documented paths", () => {
  const page = "docs/where-to-change.md";
  const source = { "packages/delta/src/log/log.ts": "" };

  it.each([
    "`packages/delta/src/log/log.ts`",
    "`packages/delta/src/log/`",
    "`packages/delta/src/log/<name>.ts`",
    "`packages/delta/src/<part>/<name>.ts`",
    "`packages/*/src`",
    "`npm run check`, `a/b`",
    "```sh\ncat packages/none\n```",
  ])("accepts %s", (text) => {
    expect(messages(documentedPaths, { ...source, [page]: text })).toEqual([]);
  });

  it.each(["packages/delta/src/gone.ts", "packages/none/<name>.ts", "apps/*/src"])(
    "finds %s",
    (path) => {
      const found = messages(documentedPaths, { ...source, [page]: `add \`${path}\`` });
      expect(found).toEqual([`${page}: '${path}' does not exist`]);
    },
  );
});

describe("document links", () => {
  const files = { "docs/a.md": "# A page: the *first*\n## Twice\n## Twice\n", "docs/b/c.md": "" };

  it.each([
    "[a](a.md)",
    "[a](a.md#a-page-the-first)",
    "[a](./a.md#twice-1)",
    "[b](b/)",
    "[up](../docs/b/c.md)",
    "[web](https://example.com/none.md) [mail](mailto:a@example.com)",
    "`[code](none.md)`",
    "```md\n[code](none.md)\n```",
  ])("accepts %s", (text) => {
    expect(messages(documentLinks, { ...files, "docs/index.md": text })).toEqual([]);
  });

  it.each([
    ["[a](gone.md)", "link to 'gone.md': no such file or folder"],
    ["[a](a.md#none)", "link to 'a.md#none': docs/a.md has no such heading"],
    ["[a](#none)", "link to '#none': docs/index.md has no such heading"],
  ])("finds %s", (text, message) => {
    const found = messages(documentLinks, { ...files, "docs/index.md": text });
    expect(found).toEqual([`docs/index.md: ${message}`]);
  });
});

describe("package readmes", () => {
  const manifest = { "packages/a/package.json": `{"name":"@x/a"}` };

  it("accepts one screen", () => {
    const readme = { "packages/a/README.md": "line\n".repeat(60) };
    expect(messages(packageReadmes, { ...manifest, ...readme })).toEqual([]);
  });

  it("finds a missing and a long one", () => {
    expect(messages(packageReadmes, manifest)).toEqual([
      "packages/a/README.md: is missing; say what the package is for",
    ]);
    const readme = { "packages/a/README.md": "line\n".repeat(61) };
    expect(messages(packageReadmes, { ...manifest, ...readme })).toHaveLength(1);
  });
});

describe("decision notes", () => {
  const text = ["Status", "Context", "Decision", "Consequences", "Alternatives"]
    .map((part) => `## ${part}\ntext\n`)
    .join("");

  it("accepts the form", () => {
    expect(messages(decisionNotes, { "docs/decisions/0001-runtime.md": text })).toEqual([]);
  });

  it("finds a missing part, a repeated number and a wrong name", () => {
    const files = {
      "docs/decisions/0001-runtime.md": text,
      "docs/decisions/0001-store.md": text.replace("## Alternatives", "## Others"),
      "docs/decisions/store.md": text,
    };
    expect(messages(decisionNotes, files)).toEqual([
      "docs/decisions/0001-store.md: number 0001 is taken by docs/decisions/0001-runtime.md",
      "docs/decisions/0001-store.md: has no part '## Alternatives'",
      "docs/decisions/store.md: name it NNNN-words-of-the-title.md",
    ]);
  });
});
