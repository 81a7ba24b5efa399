import type { DriftType, VersionRequest } from "@scouter/contracts";
import type { Database } from "@scouter/database";
import { describe, expect, it } from "vitest";
import { fresh, registerAgent } from "./samples.ts";

export function profilesContract(database: () => Database): void {
  const register = (
    name: string,
    request: Partial<VersionRequest> = {},
    options: { driftType?: DriftType; active?: boolean; deactivateOthers?: boolean } = {},
  ) =>
    database().profiles.register({
      space: "profiles",
      name,
      driftType: options.driftType ?? "Agent",
      profile: { zebra: 1, config: { version: "0.0.0", note: "kept" }, alpha: [1, { b: null }] },
      versionRequest: { version_type: "Minor", ...request },
      active: options.active ?? false,
      deactivateOthers: options.deactivateOthers ?? false,
    });

  describe("profiles", () => {
    it("keeps the profile as given, but for uid and version", async () => {
      const registered = await register(fresh("verbatim"));
      expect(registered.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
      const stored = await database().profiles.byUid(registered.uid.toUpperCase());
      expect(stored).toEqual(registered);
      expect(JSON.stringify(stored?.profile)).toBe(
        `{"zebra":1,"config":{"version":"0.1.0","note":"kept","uid":"${registered.uid}"},"alpha":[1,{"b":null}]}`,
      );
    });

    it("finds by key, and by version over all drift types", async () => {
      const name = fresh("kinds");
      const spc = await register(name, {}, { driftType: "Spc" });
      const agent = await register(name);
      const key = { space: "profiles", name, version: "0.1.0", driftType: "Spc" } as const;
      expect(await database().profiles.get(key)).toEqual(spc);
      expect(await database().profiles.listVersions("profiles", name, "0.1.0")).toEqual([
        agent,
        spc,
      ]);
    });

    it("answers undefined or nothing for what is unknown", async () => {
      const { profiles } = database();
      const key = { space: "no", name: "no", version: "1.0.0", driftType: "Agent" } as const;
      expect(await profiles.get(key)).toBeUndefined();
      expect(await profiles.byUid("not even a uuid")).toBeUndefined();
      expect(await profiles.listVersions("no", "no", "1.0.0")).toEqual([]);
      expect(await profiles.replace("unknown", { config: {} })).toBeUndefined();
      expect(await profiles.setStatus({ ...key, active: true, deactivateOthers: true })).toBe(0);
    });

    it("never gives a taken version again", async () => {
      const name = fresh("taken");
      const versions = [];
      for (const version of ["1.0.0", "1.0.0", "1.0.0", "1.2.0"]) {
        versions.push((await register(name, { version })).version);
      }
      expect(versions).toEqual(["1.0.0", "1.1.0", "1.2.0", "1.3.0"]);
    });

    it("gives 20 registrations at once 20 versions, and keeps them all", async () => {
      const name = fresh("race");
      const registered = await Promise.all(Array.from({ length: 20 }, () => register(name)));
      const minors = registered.map(({ version }) => Number(version.split(".")[1]));
      expect(minors.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
      expect(new Set(registered.map(({ uid }) => uid)).size).toBe(20);
      for (const profile of registered) {
        expect(await database().profiles.get(profile)).toEqual(profile);
      }
    });

    it.each([
      { case: "version", request: { version: "one" }, code: "DATABASE_PROFILE_VERSION_INVALID" },
      { case: "tag", request: { pre_tag: "a b" }, code: "DATABASE_PROFILE_VERSION_INVALID" },
    ])("refuses a bad $case", async ({ request, code }) => {
      await expect(register(fresh("bad"), request)).rejects.toMatchObject({
        kind: "invalid",
        code,
      });
    });

    it("refuses a profile without config", async () => {
      const registration = {
        space: "profiles",
        name: "n",
        driftType: "Agent",
        profile: { config: "text" },
        versionRequest: { version_type: "Minor" },
        active: false,
        deactivateOthers: false,
      } as const;
      await expect(database().profiles.register(registration)).rejects.toMatchObject({
        kind: "invalid",
        code: "DATABASE_PROFILE_CONFIG_MISSING",
      });
    });

    it("replaces the body, not the identity", async () => {
      const before = await register(fresh("replace"));
      const after = await database().profiles.replace(before.uid, {
        config: { uid: "forged", version: "9.9.9" },
        added: true,
      });
      expect(after).toEqual({
        ...before,
        profile: { config: { uid: before.uid, version: before.version }, added: true },
      });
    });
  });

  describe("profile status", () => {
    const activity = async (name: string) => {
      const { items } = await database().profiles.list({ limit: 1000 });
      const mine = items.filter((item) => item.name === name);
      return Object.fromEntries(
        mine.map((item) => [`${item.drift_type} ${item.version}`, item.active]),
      );
    };

    it("deactivates siblings of the drift type on registration", async () => {
      const name = fresh("active");
      await register(name, {}, { active: true });
      await register(name, {}, { active: true, driftType: "Spc" });
      await register(name, {}, { active: true, deactivateOthers: true });
      expect(await activity(name)).toEqual({
        "Agent 0.1.0": false,
        "Spc 0.1.0": true,
        "Agent 0.2.0": true,
      });
    });

    it("deactivates siblings on a status change, whatever the new status", async () => {
      const name = fresh("status");
      for (const driftType of ["Agent", "Agent", "Spc", "Spc"] as const) {
        await register(name, {}, { active: true, driftType });
      }
      const change = { space: "profiles", name, version: "0.1.0", deactivateOthers: true };
      const matched = await database().profiles.setStatus({
        ...change,
        driftType: "Agent",
        active: false,
      });
      expect(matched).toBe(1);
      expect(await activity(name)).toEqual({
        "Agent 0.1.0": false,
        "Agent 0.2.0": false,
        "Spc 0.1.0": true,
        "Spc 0.2.0": true,
      });
      expect(await database().profiles.setStatus({ ...change, active: true })).toBe(2);
      expect(await activity(name)).toMatchObject({ "Spc 0.1.0": true, "Spc 0.2.0": false });
    });
  });

  describe("profile list", () => {
    it("pages newest first, each profile once", async () => {
      const space = fresh("list");
      const registered = [];
      for (let count = 0; count < 5; count += 1)
        registered.push(await registerAgent(database(), { space }));
      const uids: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await database().profiles.list({ limit: 2, cursor });
        expect(page.items.length).toBeLessThanOrEqual(2);
        uids.push(...page.items.map((item) => item.uid));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined && uids.length < 5);
      expect(uids.slice(0, 5)).toEqual(registered.map(({ uid }) => uid).toReversed());
    });

    it.each([{ cursor: "abc" }, { cursor: "-1" }, { limit: 0 }, { limit: 1001 }])(
      "refuses %o",
      async (request) => {
        await expect(database().profiles.list({ limit: 10, ...request })).rejects.toMatchObject({
          kind: "invalid",
        });
      },
    );
  });
}
