import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ScouterClient, httpTransport } from "@scouter/sdk";
import {
  startServerProcess,
  type ServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "../src/main.ts";
import { testTerminal } from "./test-terminal.ts";

const entry = fileURLToPath(new URL("../../server/src/main.ts", import.meta.url));

let home: string;
let server: ServerProcess;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "scouter-admin-"));
  server = await startServerProcess({ entry, home });
});
afterAll(async () => {
  await server.stop("SIGTERM");
  await rm(home, { recursive: true, force: true });
});

async function run(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const terminal = testTerminal({ env: { SCOUTER_SERVER_URI: server.urls.http, ...env } });
  const code = await main(words, terminal);
  return { code, out: terminal.stdout(), err: terminal.stderr() };
}

describe("admin user", () => {
  it("creates, lists, changes and deletes users", async () => {
    const created = await run([
      "admin",
      "user",
      "create",
      "ann",
      "--permission",
      "read:shop",
      "--json",
    ]);
    expect(created.code, created.err).toBe(0);
    const document = JSON.parse(created.out) as { password: string; user: object };
    expect(document.user).toMatchObject({
      permissions: ["read:shop"],
      group_permissions: ["user"],
    });
    const ann = { SCOUTER_USERNAME: "ann", SCOUTER_PASSWORD: document.password };
    expect((await run(["profile", "list"], ann)).code).toBe(0);

    const denied = await run(["admin", "user", "list"], ann);
    expect(denied.code).toBe(2);
    expect(denied.err).toContain("is no administrator");

    const file = join(home, "..", `${home.split("/").at(-1) ?? ""}.password`);
    await writeFile(file, "from a file\nsecond line\n");
    const changed = await run(["admin", "user", "password", "ann", "--password-file", file]);
    await rm(file);
    expect(changed).toMatchObject({ code: 0, out: "password of ann changed\n" });
    const refused = await run(["profile", "list"], ann);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain("set SCOUTER_USERNAME and SCOUTER_PASSWORD");
    const now = { ...ann, SCOUTER_PASSWORD: "from a file" };
    expect((await run(["profile", "list"], now)).code).toBe(0);

    expect((await run(["admin", "user", "list"])).out).toMatch(/^ann +ann +yes +user +read:shop$/m);
    expect((await run(["admin", "user", "delete", "ann"])).out).toBe("user ann deleted\n");
    expect((await run(["admin", "user", "list"])).out).not.toContain("ann");
    const last = await run(["admin", "user", "delete", "admin"]);
    expect(last.code).toBe(2);
    expect(last.err).toContain("last active administrator");
  });

  it("names the file that holds no password", async () => {
    const { code, err } = await run(["admin", "user", "password", "x", "--password-file", "none"]);
    expect(code).toBe(2);
    expect(err).toContain("cannot read a password from '/nowhere/none'");
  });
});

describe("the SDK without any set-up", () => {
  it("is let in as guest, its first message being as large as a message may be", async () => {
    const baseUrl = server.urls.http;
    expect(await new ScouterClient({ baseUrl }).summary()).toMatchObject({ spans: 0 });
    const records = Array.from({ length: 9 }, () => ({ Unknown: "x".repeat(1_000_000) }));
    const transport = httpTransport({ baseUrl });
    const result = await transport.send({
      body: Buffer.from(JSON.stringify({ records })),
      itemCount: records.length,
      producer: "01a20000-0000-7000-8000-000000000001",
      sequence: 1,
    });
    await transport.close();
    expect(result).toMatchObject({ outcome: "acknowledged" });
    expect(result).toHaveProperty("rejected.length", 9);
  });
});
