import type { Page } from "playwright-core";
import { describe, expect, inject, it } from "vitest";
import {
  expectNoSeriousAxeIssues,
  pagesOfDashboard,
  screenshot,
  type Theme,
} from "./browser/pages.ts";

const { openPage } = pagesOfDashboard();
const themes: readonly Theme[] = ["light", "dark"];
const PROFILES = "**/scouter/v2/evaluations/profiles?**";
const NAME = "car-support-answers";

/** From the list to the demo's profile. */
async function openProfile(options: Parameters<typeof openPage>[1] = {}): Promise<Page> {
  const page = await openPage("/evaluations", options);
  await page.getByRole("link", { name: `examples/${NAME}` }).click();
  await page.getByRole("heading", { level: 1, name: NAME }).waitFor();
  await rows(page).first().waitFor();
  return page;
}

const rows = (page: Page) => page.getByRole("grid", { name: "Records" }).locator("tbody tr");
const graphOf = (page: Page) => page.getByRole("region", { name: "Drawing of the task graph" });
const panelOf = (page: Page) => page.getByRole("complementary", { name: /^Record q/ });
const searchOf = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);

async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.getByRole("combobox", { name: field }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

describe("the list of evaluation profiles", () => {
  it("shows figures with their interval, sorts, and keeps the order over a reload", async () => {
    const page = await openPage("/evaluations");
    const table = page.getByRole("grid", { name: "Evaluation profiles" });
    const row = table.locator("tbody tr");
    await row.getByText(/^\d+(\.\d)?–\d+(\.\d)? %$/).waitFor();
    expect(await row.count()).toBe(1);
    expect(await page.title()).toBe("Evaluations · Scouter");
    await table.getByRole("button", { name: "Pass rate" }).click();
    await page.waitForURL(/sort=pass-rate\.desc/);
    await page.reload();
    await table.getByRole("columnheader", { name: "Pass rate" }).waitFor();
    const order = table.getByRole("columnheader", { name: "Pass rate" });
    expect(await order.getAttribute("aria-sort")).toBe("descending");
  });

  it("is empty in another space, with a program for this server, and turns live", async () => {
    const page = await openPage("/evaluations?space=elsewhere");
    await page.getByText("No agent profile in space elsewhere").waitFor();
    const program = await page.getByLabel("to copy").textContent();
    expect(program).toContain(`const baseUrl = "${inject("serverUrl")}"`);
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "evaluations-empty", "light");
    await page.getByRole("button", { name: "Show all spaces" }).click();
    await page.getByRole("link", { name: `examples/${NAME}` }).waitFor();
  });

  it("turns live by itself when the first profile comes", async () => {
    const nothing = {
      start: "2026-11-22T00:00:00Z",
      end: "2026-11-23T00:00:00Z",
      items: [],
      next_cursor: null,
    };
    const page = await openPage("/evaluations", {
      prepare: (page) => page.route(PROFILES, (route) => route.fulfill({ json: nothing })),
    });
    await page.getByText("No agent profile yet").waitFor();
    await page.unroute(PROFILES);
    await page.getByRole("link", { name: `examples/${NAME}` }).waitFor();
  });

  it("says what went wrong, and tries again when asked", async () => {
    const problem = {
      status: 400,
      contentType: "application/problem+json",
      json: { detail: "the moon is full", code: "SERVER_MOON", suggested_action: "wait" },
    };
    const page = await openPage("/evaluations", {
      expectedErrors: [/status of 400/],
      prepare: (page) => page.route(PROFILES, (route) => route.fulfill(problem)),
    });
    const alert = page.getByRole("alert");
    await alert.getByText("the moon is full").waitFor();
    expect(await alert.textContent()).toContain("SERVER_MOON");
    await screenshot(page, "evaluations-error", "light");
    await page.unroute(PROFILES);
    await alert.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("link", { name: `examples/${NAME}` }).waitFor();
  });
});

describe("one evaluation profile", () => {
  it("leads from a failing record to its trace, and back", async () => {
    const page = await openProfile();
    await choose(page, "Outcome", "failed");
    await page.waitForURL(/outcome=failed/);
    const failing = page.getByRole("img", { name: /failed: / });
    await expect.poll(async () => (await rows(page).count()) - (await failing.count())).toBe(0);
    await rows(page).first().click();
    const panel = panelOf(page);
    await panel.getByText("Expected", { exact: false }).first().waitFor();
    const traceId = await panel.getByRole("button", { name: /^Copy trace id/ }).innerText();
    await screenshot(page, "evaluation-record-panel", "light");
    await panel.getByRole("link", { name: "Open trace" }).click();
    await page.waitForURL(new RegExp(`/traces/${traceId.trim()}$`));
    await page.goBack();
    await panelOf(page).waitFor();
    expect(searchOf(page)["outcome"]).toBe("failed");
  });

  it("filters records by a task of the graph, over a reload and with the way back", async () => {
    const page = await openProfile();
    const node = graphOf(page).getByRole("button", { name: /^task right_value/ });
    await node.focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/task=right_value/);
    await choose(page, "Outcome of right_value", "skipped");
    await page.waitForURL(/outcome=skipped/);
    await page.reload();
    await rows(page).first().waitFor();
    expect(await node.getAttribute("aria-pressed")).toBe("true");
    expect(searchOf(page)).toEqual({ task: "right_value", outcome: "skipped" });
    await page.getByText(/^Pass rate of task right_value, by /).waitFor();
    const skipped = /(\d+) skipped/.exec((await node.textContent()) ?? "")?.[1];
    const grid = page.getByRole("grid", { name: "Records" });
    await expect.poll(() => grid.getAttribute("aria-rowcount")).toBe(String(Number(skipped) + 1));
    await page.goBack();
    await page.goBack();
    await expect.poll(() => node.getAttribute("aria-pressed")).toBe("false");
    expect(searchOf(page)).toEqual({});
  });

  it("tells the graph's figures as a table", async () => {
    const page = await openProfile();
    const section = page.getByRole("region", { name: "Task graph", exact: true });
    await section.getByRole("button", { name: "Table" }).click();
    const table = section.getByRole("table", { name: "Tasks" });
    await table
      .getByText(/^tool_gave_a_figure \(\d+ skipped\)$/)
      .first()
      .waitFor();
    expect(await table.locator("tbody tr").count()).toBe(15);
    await table.getByRole("button", { name: "right_unit" }).click();
    await page.waitForURL(/task=right_unit/);
  });

  it("walks records in the panel and opens one as a page, which a reload keeps", async () => {
    const page = await openProfile();
    await rows(page).first().click();
    const first = await panelOf(page).getByRole("heading", { level: 2 }).textContent();
    await page.keyboard.press("ArrowDown");
    const heading = panelOf(page).getByRole("heading", { level: 2 });
    await expect.poll(() => heading.textContent()).not.toBe(first);
    const second = (await heading.textContent()) ?? "";
    await panelOf(page).getByRole("link", { name: "Full page" }).click();
    await page.waitForURL(/\/evaluations\/[^/]+\/records\/[^/?]+$/);
    await page.getByRole("heading", { level: 1, name: second }).waitFor();
    await page.reload();
    await page.getByRole("heading", { level: 1, name: second }).waitFor();
    const context = page.getByRole("region", { name: "Context" });
    await context.getByRole("button", { name: /^question:/ }).waitFor();
    expect(await page.getByRole("listitem").filter({ hasText: "stage" }).count()).toBe(15);
    await page.getByRole("link", { name: new RegExp(`examples/${NAME}`) }).click();
    await page.getByRole("heading", { level: 1, name: NAME }).waitFor();
  });

  it("asks for a record when the chosen time has none", async () => {
    const page = await openProfile();
    const { pathname } = new URL(page.url());
    await page.goto(`${pathname}?range=2020-01-01`);
    await page.getByText("No record in the chosen time").waitFor();
    const program = await page.getByLabel("to copy").textContent();
    expect(program).toContain(`uid: "${pathname.split("/").at(-1) ?? ""}"`);
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "evaluation-empty", "light");
  });

  it("fetches records page by page, each of them once", async () => {
    const page = await openPage("/evaluations", {
      prepare: (page) =>
        page.route("**/scouter/v2/evaluations/records?**", (route) => {
          const url = new URL(route.request().url());
          url.searchParams.set("limit", "10");
          return route.continue({ url: url.href });
        }),
    });
    await page.getByRole("link", { name: `examples/${NAME}` }).click();
    const grid = page.getByRole("grid", { name: "Records" });
    await rows(page).first().focus();
    const walkToTheEnd = async () => {
      await page.keyboard.press("End");
      return grid.getAttribute("aria-rowcount");
    };
    await expect.poll(walkToTheEnd).toBe("31");
    await page.getByText(/^30 records, newest first/).waitFor();
    expect(await page.getByRole("button", { name: "Look further back" }).count()).toBe(0);
  });

  it("switches to another version, and says once when that does not exist", async () => {
    const other = "no-such-uid";
    const page = await openPage("/evaluations?range=2h", {
      expectedErrors: [/status of 404/],
      prepare: (page) =>
        page.route("**/scouter/v2/profiles?**", async (route) => {
          const reply = await route.fetch();
          const { items, ...rest } = (await reply.json()) as { items: { name: string }[] };
          const newest = items.find(({ name }) => name === NAME);
          const older = { ...newest, uid: other, version: "0.0.9", active: false };
          await route.fulfill({ json: { ...rest, items: [...items, older] } });
        }),
    });
    await page.getByRole("link", { name: `examples/${NAME}` }).click();
    await page.getByRole("heading", { level: 1, name: NAME }).waitFor();
    await choose(page, "Version", "0.0.9 (off)");
    await page.waitForURL(/\/evaluations\/no-such-uid\?range=2h$/);
    await page.getByRole("alert").getByText("SERVER_PROFILE_NOT_FOUND").waitFor();
    expect(await page.getByRole("alert").count()).toBe(1);
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "evaluation-error", "light");
  });
});

describe.each(themes)("in %s colours", (theme) => {
  it("list, profile, panel and record have no serious issue of accessibility", async () => {
    const page = await openPage("/evaluations", { theme });
    const link = page.getByRole("link", { name: `examples/${NAME}` });
    await link.waitFor();
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "evaluations", theme);
    await link.click();
    await rows(page).first().waitFor();
    await graphOf(page).waitFor();
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "evaluation", theme);
    await graphOf(page).scrollIntoViewIfNeeded();
    await screenshot(page, "evaluation-graph", theme);
    await rows(page).nth(1).click();
    await panelOf(page).getByRole("region", { name: "Context" }).waitFor();
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "evaluation-record-panel", theme);
    await panelOf(page).getByRole("link", { name: "Full page" }).click();
    await page.getByRole("heading", { level: 1, name: /^Record q/ }).waitFor();
    await page.getByRole("region", { name: "Context" }).waitFor();
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "evaluation-record", theme);
  });
});
