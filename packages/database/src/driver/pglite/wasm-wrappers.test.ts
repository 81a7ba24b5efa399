import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";

const MODULE = new URL("./wasm-wrappers.ts", import.meta.url).href;

/** A module that calls its import, which it also exports, as often as its function `r` is told. */
const WASM =
  "0061736d0100000001080260000060017f00020701016d0166000003020101" +
  "07090201660000017200010a1201100003401000200041016b22000d000b0b";

const program = (begin: string) => `
  ${begin}
  const module = new WebAssembly.Module(Buffer.from("${WASM}", "hex"));
  let calls = 0;
  const { exports } = new WebAssembly.Instance(module, { m: { f: () => { calls += 1; } } });
  exports.r(20_000);
  console.log(calls, %HasUnoptimizedWasmToJSWrapper(exports.f) ? "generic" : "compiled");
`;

async function wrapperAfter(begin: string): Promise<string> {
  const args = ["--allow-natives-syntax", "--input-type=module", "--eval", program(begin)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [said] = await Promise.all([text(child.stdout), once(child, "exit")]);
  return said.trim();
}

it.each([
  ["as the engine has it, is compiled", "", "20000 compiled"],
  [
    "that is to stay generic, stays",
    `const { keepGenericWasmWrappers } = await import(${JSON.stringify(MODULE)}); keepGenericWasmWrappers();`,
    "20000 generic",
  ],
])("a busy wrapper, %s", async (_name, begin, expected) => {
  expect(await wrapperAfter(begin)).toBe(expected);
});
