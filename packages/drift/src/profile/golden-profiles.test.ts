import { readdirSync, readFileSync } from "node:fs";
import { customProfile, psiProfile, spcProfile } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import {
  customProfileProblems,
  psiProfileProblems,
  spcProfileProblems,
} from "./profile-problems.ts";

// golden/make-profiles.ts makes the files.
const folder = new URL("../../golden/profiles/", import.meta.url);
const files = readdirSync(folder);

/** Read, checked, and written again; with what is wrong with it. */
function taken(name: string, value: unknown) {
  if (name.startsWith("psi")) {
    const profile = psiProfile.parse(value);
    return { profile, problems: psiProfileProblems(profile) };
  }
  if (name.startsWith("spc")) {
    const profile = spcProfile.parse(value);
    return { profile, problems: spcProfileProblems(profile) };
  }
  const profile = customProfile.parse(value);
  return { profile, problems: customProfileProblems(profile) };
}

describe("profiles in the wire's form", () => {
  it("are there", () => expect(files).toHaveLength(7));

  it.each(files)("%s is sound and comes out as it went in", (name) => {
    const text = readFileSync(new URL(name, folder), "utf8");
    const { profile, problems } = taken(name, JSON.parse(text));
    expect(problems).toEqual([]);
    expect(profile).toEqual(JSON.parse(text));
    // Fields in the wire's order keep it: these files are written in that order.
    expect(`${JSON.stringify(profile, null, 2)}\n`).toBe(text);
  });
});
