import { execFile } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { rolldown } from "rolldown";
import { beforeAll, describe, expect, it } from "vitest";
import { preparedFolder } from "./prepared.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../../..", import.meta.url));
const tools = join(preparedFolder("tools"), "node_modules");
const alone = preparedFolder("sdk-alone");

/** What an app without any optional package can do: queue, flush, count. */
const program = `
import { evalRecord, memoryTransport, ScouterQueue } from "@scouter/sdk";
const queue = new ScouterQueue({
  profiles: { answers: { uid: "01900000-0000-7000-8000-000000000001" } },
  transport: memoryTransport(),
});
for (let index = 0; index < 100; index += 1) {
  queue.insert("answers", evalRecord({ context: { index } }));
}
const { stats } = await queue.shutdown();
console.log(JSON.stringify([stats.offered, stats.acknowledged]));
process.exit(0);
`;

beforeAll(() => writeFile(join(alone, "program.mjs"), program));

describe.each(["contracts", "sdk"])("package %s", (name) => {
  it("has the shape that npm, Node and bundlers expect (publint)", async () => {
    const publint = join(tools, "publint", "src", "cli.js");
    const folder = join(root, "packages", name);
    const { stdout } = await run(process.execPath, [publint, "run", folder, "--strict"]);
    expect(stdout).toContain("All good!");
  });

  it("has types where its code is, for every entry (attw)", async () => {
    const attw = join(tools, "@arethetypeswrong", "cli", "dist", "index.js");
    const [tarball = ""] = globSync(join(preparedFolder("tarballs"), `${name}-*.tgz`));
    const flags = ["--profile", "esm-only", "--format", "json"];
    const { stdout } = await run(process.execPath, [attw, tarball, ...flags]);
    const { analysis } = JSON.parse(stdout) as {
      analysis: { entrypoints: Record<string, { resolutions: Record<string, object> }> };
    };
    expect(Object.keys(analysis.entrypoints)).toContain(".");
  });
});

describe("the SDK without any optional package", () => {
  it.each([
    ["Node", process.execPath, []],
    ["Bun", join(tools, "@oven", "bun-linux-x64", "bin", "bun"), []],
    ["Deno", join(tools, "@deno", "linux-x64-glibc", "deno"), ["run", "--allow-all"]],
  ])("runs on %s", async (name, binary, flags) => {
    if (process.platform !== "linux" || process.arch !== "x64") {
      // npm brings these two as one package for each platform; the names above are Linux's.
      if (name !== "Node") return;
    }
    expect(existsSync(binary)).toBe(true);
    const { stdout } = await run(binary, [...flags, "program.mjs"], { cwd: alone });
    expect(JSON.parse(stdout)).toEqual([100, 100]);
  });

  it("says which package tracing cannot do without", async () => {
    const code = `import("@scouter/sdk/tracing").catch((error) => console.log(error.message))`;
    const { stdout } = await run(process.execPath, ["--eval", code], { cwd: alone });
    expect(stdout).toContain("@opentelemetry/api");
  });

  it("loads no schema library, and a bundler leaves it out", async () => {
    const input = join(alone, "program.mjs");
    const bundle = await rolldown({ input, platform: "node" });
    const { output } = await bundle.generate({ minify: true });
    await bundle.close();
    const modules = output.flatMap((chunk) => (chunk.type === "chunk" ? chunk.moduleIds : []));
    expect(modules.filter((id) => id.includes(join("node_modules", "zod")))).toEqual([]);
    const bytes = output.reduce((sum, part) => sum + ("code" in part ? part.code.length : 0), 0);
    expect(bytes).toBeLessThan(64 * 1024);
  });
});
