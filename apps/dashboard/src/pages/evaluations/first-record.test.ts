import { expect, it } from "vitest";
import { firstProfileProgram, firstRecordProgram } from "./first-record.ts";

it("the program for a first profile names the server and sends to the profile it registers", () => {
  const program = firstProfileProgram("https://scouter.test", "shop");
  expect(program).toContain('const baseUrl = "https://scouter.test";');
  expect(program).toContain('space: "shop",');
  expect(program).toContain("const { uid } = await");
  expect(program).toContain("profiles: { answers: { uid } }");
});

it("the program for a first record names server and profile", () => {
  const program = firstRecordProgram("https://scouter.test", "0199-a");
  expect(program).toContain('const baseUrl = "https://scouter.test";');
  expect(program).toContain('profiles: { answers: { uid: "0199-a" } }');
});
