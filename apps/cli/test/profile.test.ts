import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  startServerProcess,
  type ServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "../src/main.ts";
import { testTerminal } from "./test-terminal.ts";

const entry = fileURLToPath(new URL("../../server/src/main.ts", import.meta.url));

let home: string;
let files: string;
let server: ServerProcess;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "scouter-profile-"));
  files = await mkdtemp(join(tmpdir(), "scouter-profile-files-"));
  server = await startServerProcess({ entry, home });
});
afterAll(async () => {
  await server.stop("SIGTERM");
  await rm(home, { recursive: true, force: true });
  await rm(files, { recursive: true, force: true });
});

async function run(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const terminal = testTerminal({
    workingFolder: files,
    env: { SCOUTER_SERVER_URI: server.urls.http, ...env },
  });
  const code = await main(words, terminal);
  return { code, out: terminal.stdout(), err: terminal.stderr() };
}

const profile = {
  config: {
    space: "shop",
    name: "speed",
    version: "1.0.0",
    uid: "0194f0c3-7c5e-7000-8000-000000000000",
    drift_type: "Custom",
    sample_size: 25,
    alert_config: {
      schedule: "0 0 0 1 1 *",
      dispatch_config: { Console: { enabled: true } },
      alert_conditions: { mae: { baseline_value: 2, alert_threshold: "Above", delta: null } },
    },
  },
  metrics: { mae: 2 },
  scouter_version: "0.1.0",
};
const save = (name: string, content: unknown) =>
  writeFile(join(files, name), JSON.stringify(content));

interface Listed {
  readonly items: readonly { readonly version: string; readonly active: boolean }[];
}

async function activeVersions(): Promise<readonly string[]> {
  const { items } = JSON.parse((await run(["profile", "list", "--json"])).out) as Listed;
  return items.filter(({ active }) => active).map(({ version }) => version);
}

describe("profiles from files", () => {
  it("are registered, activated one for the other, and given back as a file", async () => {
    await save("speed.json", profile);
    const first = await run(["profile", "register", "speed.json", "--activate"]);
    expect(first.code, first.err).toBe(0);
    expect(first.out).toMatch(/^registered custom profile shop\/speed\/1\.0\.0\nuid [0-9a-f-]{36}/);
    expect(first.out).toMatch(/the first windows end( \d{4}-01-01T00:00:00\.000Z,?){3}$/m);

    const taken = await run(["profile", "register", "speed.json"]);
    expect(taken.code).toBe(2);
    expect(taken.err).toContain("version shop/speed/1.0.0 of this Custom profile is registered");
    const next = await run(["profile", "register", "speed.json", "--next-version"]);
    expect(next.out).toContain("registered custom profile shop/speed/1.1.0");
    expect(await activeVersions()).toEqual(["1.0.0"]);

    const other = ["profile", "activate", "shop/speed/1.1.0", "--deactivate-others"];
    expect((await run(other)).out).toBe("shop/speed/1.1.0 is watched\n");
    expect(await activeVersions()).toEqual(["1.1.0"]);
    await run(["profile", "activate", "shop/speed/1.1.0", "--deactivate"]);
    expect(await activeVersions()).toEqual([]);

    const shown = await run(["profile", "show", "shop/speed/1.1.0", "--json"]);
    const { profile: tagged } = JSON.parse(shown.out) as { readonly profile: object };
    await save("tagged.json", tagged);
    const moved = await run(["profile", "register", "tagged.json", "--space", "lab", "--json"]);
    expect(JSON.parse(moved.out)).toMatchObject({ space: "lab", version: "1.1.0", active: false });
  });

  it("are refused with every problem and its path", async () => {
    const { config } = profile;
    await save("bad.json", { ...profile, config: { ...config, sample_size: 0, name: 5 } });
    const { code, out, err } = await run(["profile", "register", "bad.json"]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/'config\.sample_size': .*'config\.name': /);
    const alert_config = { ...config.alert_config, schedule: "hourly" };
    await save("bad.json", { ...profile, config: { ...config, version: "3.0.0", alert_config } });
    const unsound = await run(["profile", "register", "bad.json"]);
    expect(unsound.err).toContain("config.alert_config.schedule: schedule 'hourly' has 1 field");
  });

  it("need the permission to write in their space", async () => {
    const words = ["admin", "user", "create", "ann", "--permission", "read:shop", "write:lab"];
    const created = await run([...words, "--json"]);
    const { password } = JSON.parse(created.out) as { readonly password: string };
    const ann = { SCOUTER_USERNAME: "ann", SCOUTER_PASSWORD: password };
    await save("next.json", { ...profile, config: { ...profile.config, version: "2.0.0" } });
    const denied = await run(["profile", "register", "next.json"], ann);
    expect(denied.code).toBe(2);
    expect(denied.err).toContain("user 'ann' lacks the permission 'write:shop'");
    const activated = await run(["profile", "activate", "shop/speed/1.0.0"], ann);
    expect([activated.code, await activeVersions()]).toEqual([2, []]);
  });
});

describe("windows", () => {
  it("are listed, and refused another run when they are unknown", async () => {
    expect((await run(["drift", "windows"])).out).toBe("no windows\n");
    const { code, err } = await run(["drift", "rerun", "77"]);
    expect(code).toBe(2);
    expect(err).toContain("no drift window has the id 77");
  });
});
