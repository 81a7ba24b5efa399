import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onPostgres } from "@scouter/testkit/postgres/test-postgres";
import { afterEach, beforeEach, expect, test } from "vitest";
import { main } from "../src/main.ts";
import { documentOf, keptQuickstart, quickstartTerminal } from "./quickstart-run.ts";

/** A run waits up to 14 seconds for windows to end, and slow machines take long for the rest. */
const TWO_RUNS_TIMEOUT_MS = 240_000;

await onPostgres("the quickstart by DATABASE_URI alone", (postgres) => {
  let folder: string;
  let DATABASE_URI: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "scouter-quickstart-postgres-"));
    DATABASE_URI = await postgres.emptyDatabase();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test(
    "shows and verifies the same, with a login of its own that the next run knows too",
    async () => {
      const kept = await keptQuickstart(quickstartTerminal(folder, { DATABASE_URI }));
      const { urls, model, figures, login, checks } = kept.document;
      expect(checks.filter((check) => !check.holds)).toEqual([]);
      const passwordFile = join(folder, ".scouter.password");
      expect(login).toEqual({ username: "admin", passwordFile });
      const password = readFileSync(passwordFile, "utf8").trim();
      expect(kept.console.stderr() + kept.console.stdout()).not.toContain(password);
      expect(readFileSync(join(folder, ".scouter.log"), "utf8")).not.toContain(password);

      const withLogin = { SCOUTER_USERNAME: "admin", SCOUTER_PASSWORD: password };
      for (const words of [
        ["eval", "show", figures.failedAnswer.recordUid],
        ["drift", "show", model.profiles.psi.uid],
        ["alert", "list", "--profile", model.profiles.psi.uid],
      ]) {
        const console = quickstartTerminal(folder, withLogin);
        expect(await main([...words, "--url", urls.http], console), console.stderr()).toBe(0);
      }
      expect(await kept.stop(), kept.console.stderr()).toBe(0);

      const second = quickstartTerminal(folder, { DATABASE_URI });
      const words = ["quickstart", "--once", "--fresh", "--json"];
      expect(await main(words, second), second.stderr()).toBe(0);
      expect(second.stderr()).toContain("--fresh removes nothing");
      expect(documentOf(second).profile.version).toBe("0.2.0");
    },
    TWO_RUNS_TIMEOUT_MS,
  );

  test("says what to do with a database that others have used", async () => {
    const elsewhere = join(folder, "elsewhere");
    const server = quickstartTerminal(folder, {
      DATABASE_URI,
      SCOUTER_HOME: elsewhere,
      SCOUTER_STORAGE_URI: "",
    });
    const ended = main(["serve"], server);
    await Promise.race([server.saysOnStdout("http://"), ended]);
    server.signals.emit("SIGTERM");
    expect(await ended, server.stderr()).toBe(0);

    const ownHome = quickstartTerminal(folder, { DATABASE_URI });
    expect(await main(["quickstart", "--once"], ownHome)).toBe(2);
    expect(ownHome.stderr()).toContain("the database belongs to lake");
    expect(ownHome.stderr()).toContain("set SCOUTER_HOME to that folder");

    const itsHome = quickstartTerminal(folder, { DATABASE_URI, SCOUTER_HOME: elsewhere });
    expect(await main(["quickstart", "--once"], itsHome)).toBe(2);
    expect(itsHome.stderr()).toContain("the database has users already");
    expect(itsHome.stderr()).toContain("set SCOUTER_USERNAME and SCOUTER_PASSWORD");
  });
});
