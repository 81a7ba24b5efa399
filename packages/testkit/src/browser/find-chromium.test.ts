import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { findChromium } from "./find-chromium.ts";

const folder = mkdtempSync(join(tmpdir(), "scouter-chromium-"));
const program = join(folder, "chromium-browser");
writeFileSync(program, "");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("findChromium", () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ["one on the path", { PATH: `/nowhere:${folder}`, SCOUTER_TEST_CHROMIUM: "" }, program],
    ["the one that is named", { PATH: "/nowhere", SCOUTER_TEST_CHROMIUM: program }, program],
    [
      "no other one when the named is missing",
      { PATH: folder, SCOUTER_TEST_CHROMIUM: "/no" },
      undefined,
    ],
  ])("finds %s", (_name, env, expected) => {
    expect(findChromium({ ...env })).toBe(expected);
  });
});
