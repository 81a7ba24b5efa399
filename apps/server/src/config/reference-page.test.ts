import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { environmentReferencePage } from "./reference-page.ts";
import { variables } from "./variables.ts";

const page = fileURLToPath(new URL("../../../../docs/reference/environment.md", import.meta.url));

describe("docs/reference/environment.md", () => {
  it("is the table of the code (`vitest run -u` on this file writes it anew)", async () => {
    await expect(environmentReferencePage()).toMatchFileSnapshot(page);
  });

  it("has one row per variable", () => {
    const names = [...environmentReferencePage().matchAll(/^\| `([A-Z0-9_]+)`/gm)].map((m) => m[1]);
    expect(new Set(names)).toEqual(new Set(Object.keys(variables)));
    expect(names).toHaveLength(Object.keys(variables).length);
  });
});
