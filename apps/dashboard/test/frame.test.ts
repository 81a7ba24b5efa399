import { describe, expect, inject, it } from "vitest";
import {
  expectNoSeriousAxeIssues,
  pagesOfDashboard,
  screenshot,
  type Theme,
} from "./browser/pages.ts";

const { openPage } = pagesOfDashboard();
const themes: readonly Theme[] = ["light", "dark"];
const SUMMARY = "**/scouter/v2/summary";
const noTasks = { passed: 0, failed: 0, errored: 0, skipped: 0 };
const nothing = {
  spans: 0,
  traces: 0,
  error_spans: 0,
  records: { pending: 0, processing: 0, processed: 0, failed: 0 },
  tasks: noTasks,
  pass_rate: null,
  alerts: { active: 0, total: 0 },
  windows: { due: 0, running: 0, done: 0, failed: 0, skipped: 0 },
  features: { drifted: [], stable: [] },
  profiles: [],
};
const paths = ["/", "/traces", "/evaluations", "/runs", "/drift", "/alerts", "/settings"];

describe("the overview", () => {
  it("shows what needs attention, with figures of the demos", async () => {
    const page = await openPage("/");
    await page
      .getByRole("region", { name: "Needs attention" })
      .getByText("PSI of 'wind' was")
      .first()
      .waitFor();
    expect(await page.title()).toBe("Overview · Scouter");
    const profiles = page.getByRole("grid", { name: "Profiles" });
    expect(await profiles.getAttribute("aria-rowcount")).toBe("5");
  });

  it("waits on an empty server, with a snippet of its own address, and turns live", async () => {
    const page = await openPage("/", {
      prepare: (page) => page.route(SUMMARY, (route) => route.fulfill({ json: nothing })),
    });
    await page.getByText("Nothing has arrived yet").waitFor();
    const snippet = await page.getByLabel("to copy").textContent();
    expect(snippet).toContain(`${inject("serverUrl")}/v1/traces`);
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "overview-empty", "light");
    await page.unroute(SUMMARY);
    await page.getByRole("region", { name: "Needs attention" }).waitFor();
  });

  it("says what went wrong, what to do and the code, and tries again when asked", async () => {
    const problem = {
      status: 400,
      contentType: "application/problem+json",
      json: { detail: "the moon is full", code: "SERVER_MOON", suggested_action: "wait" },
    };
    const page = await openPage("/", {
      expectedErrors: [/status of 400/],
      prepare: (page) => page.route(SUMMARY, (route) => route.fulfill(problem)),
    });
    const alert = page.getByRole("alert");
    await alert.getByText("the moon is full").waitFor();
    expect(await alert.textContent()).toContain("What to do: wait");
    expect(await alert.textContent()).toContain("SERVER_MOON");
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "overview-error", "light");
    await page.unroute(SUMMARY);
    await alert.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("region", { name: "Needs attention" }).waitFor();
  });
});

describe.each(themes)("in %s colours", (theme) => {
  it.each(paths)("%s has no serious issue of accessibility", async (path) => {
    const page = await openPage(path, { theme });
    await page.waitForLoadState("networkidle");
    expect(await page.locator("html").getAttribute("data-mantine-color-scheme")).toBe(theme);
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, path === "/" ? "overview" : path.slice(1), theme);
  });

  it("the sign-in, the range picker and the palette have none", async () => {
    const page = await openPage("/", { theme });
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Page, profile or trace id" }).waitFor();
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "palette", theme);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /^Time range/ }).click();
    await page.getByRole("textbox", { name: "Time range" }).waitFor();
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "range", theme);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Signed in as guest" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in to Scouter" }).waitFor();
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "sign-in", theme);
  });
});

describe("the address", () => {
  it("keeps range, space and live over navigation, reload and the way back", async () => {
    const page = await openPage("/?range=2h");
    await page.getByRole("button", { name: "Live" }).click();
    await page.waitForURL(/live=on/);
    await page.getByRole("navigation", { name: "Pages" }).getByText("Drift").click();
    await page.getByRole("heading", { level: 1, name: "Drift" }).waitFor();
    expect(new URL(page.url()).search).toBe("?range=2h&live=on");
    await page.reload();
    await page.getByRole("button", { name: "Time range: last 2 hours" }).waitFor();
    expect(await page.getByRole("button", { name: "Live" }).getAttribute("aria-pressed")).toBe(
      "true",
    );
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    expect(await page.title()).toBe("Overview · Scouter");
  });

  it("takes a typed range and refuses what is none", async () => {
    const page = await openPage("/traces");
    await page.getByRole("button", { name: /^Time range/ }).click();
    const field = page.getByRole("textbox", { name: "Time range" });
    await field.fill("soon");
    expect(await page.getByRole("button", { name: "Apply" }).isDisabled()).toBe(true);
    await field.fill("25m");
    await field.press("Enter");
    await page.waitForURL(/range=25m/);
    await page.getByRole("button", { name: "Time range: last 25 minutes" }).waitFor();
  });

  it("says so when nothing is there", async () => {
    const page = await openPage("/nowhere");
    await page.getByRole("heading", { level: 1, name: "No such page" }).waitFor();
  });
});

describe("the keyboard", () => {
  it("skips to the page, and follows to the heading of the next one", async () => {
    const page = await openPage("/");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("page");
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Page, profile or trace id" }).fill("alerts");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Alerts" }).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("page-heading");
  });

  it("walks the rows of a table and sorts it", async () => {
    const page = await openPage("/");
    const table = page.getByRole("grid", { name: "Profiles" });
    await table.getByRole("button", { name: "Profile" }).click();
    await page.waitForURL(/sort=name\.desc/);
    const names = () => table.locator("tbody tr td:first-child").allTextContents();
    await expect.poll(names).toEqual((await names()).toSorted().toReversed());
    await table.locator("tbody tr").first().focus();
    await page.keyboard.press("End");
    const at = () => page.evaluate(() => document.activeElement?.getAttribute("aria-rowindex"));
    await expect.poll(at).toBe("5");
    await page.keyboard.press("ArrowUp");
    await expect.poll(at).toBe("4");
  });

  it("opens a trace by its id", async () => {
    const page = await openPage("/?range=3d");
    await page.keyboard.press("Control+k");
    const id = "4bf92f3577b34da6a3ce929d0e0e4736";
    await page.getByRole("combobox", { name: "Page, profile or trace id" }).fill(id);
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`/traces/${id}\\?range=3d`));
  });
});

describe("colours", () => {
  it("follow the system until a person chooses, and stay chosen", async () => {
    const page = await openPage("/", { theme: "dark" });
    await page.getByRole("button", { name: "Switch to light colours" }).click();
    const scheme = () => page.locator("html").getAttribute("data-mantine-color-scheme");
    await expect.poll(scheme).toBe("light");
    await page.reload();
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(await scheme()).toBe("light");
  });
});

describe("the session", () => {
  it("begins by itself where everybody may come in, and ends when a person says so", async () => {
    const page = await openPage("/drift?range=6h", { expectedErrors: [/status of 401/] });
    await page.getByRole("button", { name: "Signed in as guest" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in to Scouter" }).waitFor();
    await page.reload();
    await page.getByLabel("User name").fill("admin");
    await page.getByLabel("Password", { exact: true }).fill("wrong password");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("alert").waitFor();
    await page.getByLabel("Password", { exact: true }).fill("admin");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Drift" }).waitFor();
    await page.getByRole("button", { name: "Signed in as admin" }).waitFor();
    expect(new URL(page.url()).search).toBe("?range=6h");
  });

  it("renews a token that the server refuses, without asking", async () => {
    const page = await openPage("/", { expectedErrors: [/status of 401/] });
    await page.evaluate(() => window.sessionStorage.setItem("scouter.token", "no.real.token"));
    await page.reload();
    await page.getByRole("heading", { name: /Overview|Sign in/ }).waitFor();
    await page
      .getByRole("button", { name: /Continue as guest|Signed in as guest/ })
      .first()
      .click();
    await page.getByRole("button", { name: "Signed in as guest" }).waitFor();
  });
});
