import { describe, expect, it } from "vitest";
import { makeLogger } from "./make-logger.ts";
import { textLine } from "./text-line.ts";

function linesOf(json: boolean, write: (log: ReturnType<typeof makeLogger>) => void): string[] {
  const lines: string[] = [];
  write(makeLogger({ level: "info", json }, { write: (line) => lines.push(line) }));
  return lines;
}

describe("makeLogger", () => {
  it("writes JSON lines at and above its level", () => {
    const lines = linesOf(true, (log) => {
      log.debug("unseen");
      log.info({ port: 8000 }, "listening");
    });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ msg: "listening", port: 8000, level: 30 });
  });

  it("writes short text lines", () => {
    const [line] = linesOf(false, (log) => log.warn({ port: 8000, why: "two words" }, "taken"));
    expect(line).toMatch(/^\d\d:\d\d:\d\d\.\d{3} WARN {2}taken port=8000 why="two words"\n$/);
  });

  it("hides secrets at every depth it looks into", () => {
    const text = linesOf(true, (log) =>
      log.info({
        password: "hunter2",
        database: { uri: "postgres://u:hunter2@h" },
        request: { headers: { authorization: "Bearer hunter2" } },
      }),
    ).join("");
    expect(text).not.toContain("hunter2");
    expect(text).toContain("(hidden)");
  });
});

describe("textLine", () => {
  it("passes on what is not JSON", () => {
    expect(textLine("plain\n")).toBe("plain\n");
  });

  it("keeps a field with line breaks on one line", () => {
    expect(textLine('{"level":50,"time":0,"msg":"m","err":{"stack":"a\\nb"}}')).toBe(
      "00:00:00.000 ERROR m err={ stack: 'a\\nb' }\n",
    );
  });
});
