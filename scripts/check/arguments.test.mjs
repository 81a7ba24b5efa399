import { expect, it } from "vitest";
import { parseCheckArguments } from "./arguments.mjs";

const SUITES = ["format", "lint", "unit"];

it.each([
  [[], { suites: SUITES, install: true, list: false }],
  [["--only", "unit,format"], { suites: ["format", "unit"], install: true, list: false }],
  [["--skip=lint"], { suites: ["format", "unit"], install: true, list: false }],
  [["--only", "lint,unit", "--skip", "unit"], { suites: ["lint"], install: true, list: false }],
  [["--no-install", "--list"], { suites: SUITES, install: false, list: true }],
])("%j", (argv, expected) => {
  expect(parseCheckArguments(argv, SUITES)).toEqual(expected);
});

it.each([
  [["--only", "units"], "unknown suite 'units': expected format, lint, unit"],
  [["--fast"], "Unknown option '--fast'"],
  [["--help"], "usage: npm run check"],
])("%j prints the usage", (argv, start) => {
  expect(parseCheckArguments(argv, SUITES).usage).toContain(start);
});
