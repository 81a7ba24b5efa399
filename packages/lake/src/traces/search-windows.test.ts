import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SpanFileBounds } from "../table/span-file.ts";
import { FIRST_WINDOW_SPANS, searchWindows } from "./search-windows.ts";

const file = (
  records: number,
  minStart: number | undefined,
  maxStart = minStart,
): SpanFileBounds => ({
  records,
  minStartNano: minStart === undefined ? undefined : BigInt(minStart),
  maxStartNano: maxStart === undefined ? undefined : BigInt(maxStart),
});
const range = { fromNano: 100n, toNano: 200n };
const windowsOf = (files: readonly SpanFileBounds[]) =>
  searchWindows(files, range).map(({ fromNano, toNano }) => [Number(fromNano), Number(toNano)]);

describe("searchWindows", () => {
  it.each([
    ["no file", [], [[100, 200]]],
    ["little data", [file(10, 120), file(10, 150)], [[100, 200]]],
    [
      "a full file, newest first",
      [file(FIRST_WINDOW_SPANS, 120, 130), file(FIRST_WINDOW_SPANS, 150, 180)],
      [
        [150, 200],
        [100, 150],
      ],
    ],
    [
      "one large file, by time",
      [file(10 * FIRST_WINDOW_SPANS, 100, 199)],
      [
        [190, 200],
        [150, 190],
        [100, 150],
      ],
    ],
    [
      "files of other times",
      [file(FIRST_WINDOW_SPANS, 10), file(FIRST_WINDOW_SPANS, 300)],
      [[100, 200]],
    ],
    ["a file that begins before the range", [file(FIRST_WINDOW_SPANS, 50, 150)], [[100, 200]]],
    ["a file without bounds", [file(FIRST_WINDOW_SPANS, undefined)], [[100, 200]]],
  ])("divides the range over %s", (_name, files, windows) => {
    expect(windowsOf(files)).toEqual(windows);
  });

  it("covers the range without gaps or overlaps, newest first", () => {
    const anyFile = fc.record({
      records: fc.integer({ min: 0, max: 3 * FIRST_WINDOW_SPANS }),
      minStartNano: fc.option(fc.bigInt({ min: 0n, max: 300n }), { nil: undefined }),
      maxStartNano: fc.option(fc.bigInt({ min: 0n, max: 300n }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(anyFile, { maxLength: 30 }), (files) => {
        const windows = searchWindows(files, range);
        expect(windows[0]?.toNano).toBe(range.toNano);
        expect(windows.at(-1)?.fromNano).toBe(range.fromNano);
        for (const [index, window] of windows.entries()) {
          expect(window.fromNano < window.toNano).toBe(true);
          expect(window.toNano).toBe(windows[index - 1]?.fromNano ?? range.toNano);
        }
      }),
    );
  });
});
