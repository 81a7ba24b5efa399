import type { AlertDelivery, AlertDetail, AlertItemPage } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import {
  expectNoSeriousAxeIssues,
  pagesOfDashboard,
  screenshot,
  type Theme,
} from "./browser/pages.ts";
import { PROBLEM } from "./browser/problem.ts";

const { openPage } = pagesOfDashboard();
const themes: readonly Theme[] = ["light", "dark"];
const LIST = /\/scouter\/v2\/alerts\?/;
/** How many the demo makes depends on where the schedule cuts its data. */
const ALL = /^\d+ alerts$/;
const CHANGE = "**/scouter/alerts";

describe("the list of alerts", () => {
  it("filters by kind in the address, and goes back", async () => {
    const page = await openPage("/alerts?kind=Psi");
    const rows = page.getByRole("grid", { name: "Alerts" }).locator("tbody tr");
    const kinds = async () => [...new Set(await rows.locator("td:nth-child(7)").allTextContents())];
    await expect.poll(kinds).toEqual(["PSI"]);
    expect(await rows.first().textContent()).toMatch(/[\d.]+ > 0\.1/);
    await page.getByLabel("Kind of profile").first().click();
    await page.getByRole("option", { name: /^SPC/ }).click();
    await page.waitForURL(/kind=Spc/);
    await expect.poll(kinds).toEqual(["SPC"]);
    await page.goBack();
    await expect.poll(kinds).toEqual(["PSI"]);
    await page.reload();
    await expect.poll(kinds).toEqual(["PSI"]);
  });

  it("shows an alert beside the list and walks the rows", async () => {
    const page = await openPage("/alerts");
    const table = page.getByRole("grid", { name: "Alerts" });
    await table.locator("tbody tr").first().waitFor();
    await table.locator("tbody tr").first().focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/peek=\d+/);
    const panel = page.getByRole("complementary");
    await panel.getByText("Who was told").waitFor();
    const first = new URL(page.url()).searchParams.get("peek");
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => new URL(page.url()).searchParams.get("peek")).not.toBe(first);
    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
  });

  it("fetches page after page", async () => {
    const cursors: (string | null)[] = [];
    const page = await openPage("/alerts", {
      prepare: (page) =>
        page.route(LIST, async (route) => {
          const url = new URL(route.request().url());
          cursors.push(url.searchParams.get("cursor"));
          url.searchParams.set("limit", "2");
          await route.continue({ url: url.toString() });
        }),
    });
    await page.getByText(ALL).waitFor();
    expect(cursors[0]).toBeNull();
    expect(cursors.filter((cursor) => cursor !== null).length).toBeGreaterThan(0);
    expect(new Set(cursors).size).toBe(cursors.length);
  });

  it("says when nothing is there, with what brings alerts, and turns live", async () => {
    const none: AlertItemPage = { start: "", end: "", items: [], next_cursor: null };
    const page = await openPage("/alerts", {
      prepare: (page) => page.route(LIST, (route) => route.fulfill({ json: none })),
    });
    await page.getByText("No alert in this time range").waitFor();
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "alerts-empty", "light");
    await page.unroute(LIST);
    await page.getByText(ALL).waitFor();
  });

  it("says what went wrong", async () => {
    const page = await openPage("/alerts", {
      expectedErrors: [/status of 400/],
      prepare: (page) => page.route(LIST, (route) => route.fulfill(PROBLEM)),
    });
    await page.getByRole("alert").getByText("the moon is full").waitFor();
    await page.unroute(LIST);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText(ALL).waitFor();
  });
});

describe("an alert", () => {
  it("leads from the overview over the alert and its window to the bins", async () => {
    const page = await openPage("/");
    const attention = page.getByRole("region", { name: "Needs attention" });
    await attention.getByRole("link", { name: /PSI of 'wind' was/ }).click();
    await page.getByRole("heading", { level: 1, name: "Alert on wind" }).waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/alerts\/\d+$/);
    await page.getByRole("link", { name: /See the window that ended/ }).click();
    await page.waitForURL(/\/drift\/.*window=\d+/);
    await page.getByRole("table", { name: "Bins of wind against the baseline" }).waitFor();
    // The newest window of the alert, in which it opened or was still open: the demo's schedule decides.
    await page.getByRole("link", { name: /Alert \d+, open(ed)? in this window/ }).click();
    await page.getByRole("heading", { level: 1, name: "Alert on wind" }).waitFor();
    await page.goBack();
    await page.goBack();
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  });

  it("says why it opened: bins, sizes and the windows around, each a way to its window", async () => {
    const page = await openPage("/alerts?kind=Psi");
    await page.getByRole("link", { name: "wind", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Alert on wind" }).waitFor();
    const why = page.locator("#page").getByRole("region", { name: "Why it opened" });
    await why.getByText(/^The PSI of 'wind' was [\d.]+, against a limit of/).waitFor();
    await why.getByText(/carr(y|ies) [\d.]+ % of the PSI/).waitFor();
    await why.getByRole("table", { name: "Bins of wind against the baseline" }).waitFor();
    const around = why.getByRole("table", { name: "wind in the windows around" });
    expect(await around.locator("tbody tr[aria-current=true]").count()).toBe(1);
    await around.locator("tbody tr[aria-current=true] a").click();
    await page.waitForURL(/\/drift\/.*window=\d+/);
  });

  it("shows every attempt to tell of it, the provider's answer and the next try", async () => {
    const failed = (at: string, error: string) =>
      ({ at, channel: "webhook", outcome: "failed", error }) as const;
    const soon = new Date(Date.now() + 600_000).toISOString();
    const busy = "webhook answered 503";
    const deliveries: AlertDelivery[] = [
      {
        status: "pending",
        created_at: "2026-03-01T12:00:00.000000Z",
        ended_at: null,
        last_error: busy,
        next_attempt_at: soon,
        attempts: [failed("2026-03-01T12:00:01.000000Z", busy)],
      },
      {
        status: "failed",
        created_at: "2026-03-01T11:00:00.000000Z",
        ended_at: "2026-03-01T11:00:07.000000Z",
        last_error: "webhook answered 401",
        next_attempt_at: null,
        attempts: [
          failed("2026-03-01T11:00:01.000000Z", busy),
          failed("2026-03-01T11:00:06.000000Z", "webhook answered 401"),
        ],
      },
      {
        status: "delivered",
        created_at: "2026-03-01T10:00:00.000000Z",
        ended_at: "2026-03-01T10:00:01.000000Z",
        last_error: null,
        next_attempt_at: null,
        attempts: [
          {
            at: "2026-03-01T10:00:01.000000Z",
            channel: "webhook",
            outcome: "delivered",
            error: null,
          },
        ],
      },
    ];
    const page = await openPage("/alerts?kind=Psi", {
      prepare: (page) =>
        page.route(/\/scouter\/v2\/alerts\/\d+$/, async (route) => {
          const response = await route.fetch();
          const alert = (await response.json()) as AlertDetail;
          await route.fulfill({ response, json: { ...alert, deliveries } });
        }),
    });
    await page.getByRole("link", { name: "wind", exact: true }).click();
    const told = page.locator("#page").getByRole("region", { name: "Who was told" });
    const messages = told.getByRole("listitem");
    await expect.poll(() => messages.count()).toBe(3);
    expect(await messages.nth(0).textContent()).toMatch(/next try in \d+ min/);
    expect(await messages.nth(1).textContent()).toContain("given up");
    const attempts = messages.nth(1).getByRole("table", { name: "2 attempts to deliver" });
    const rows = attempts.locator("tbody tr");
    const answers = await rows.locator("td:last-child").allTextContents();
    expect(answers).toEqual([busy, "webhook answered 401"]);
    expect(await messages.nth(2).locator("tbody td").allTextContents()).toEqual(
      expect.arrayContaining(["1", "webhook", "delivered", "taken"]),
    );
    await expectNoSeriousAxeIssues(page);
  });

  it("is acknowledged after a question, and opened again", async () => {
    const page = await openPage("/alerts?kind=Psi");
    await page.getByRole("link", { name: "wind", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Alert on wind" }).waitFor();
    await page.getByRole("button", { name: "Acknowledge" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("somebody looks after it").waitFor();
    await expectNoSeriousAxeIssues(page);
    await dialog.getByRole("button", { name: "Acknowledge" }).click();
    const again = page.locator("#page").getByRole("button", { name: "Open again" });
    await again.waitFor();
    await page.getByRole("region", { name: "What happened" }).getByText("Acknowledged").waitFor();
    await again.click();
    await dialog.getByRole("button", { name: "Open again" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Acknowledge" }).waitFor();
  });

  it("explains a refusal, and stays as it is", async () => {
    const refusal = {
      error: "user 'guest' lacks the permission 'write'",
      reason: "SERVER_PERMISSION_DENIED",
    };
    const page = await openPage("/alerts", {
      expectedErrors: [/status of 403/],
      prepare: (page) =>
        page.route(CHANGE, (route) => route.fulfill({ status: 403, json: refusal })),
    });
    await page.getByRole("link", { name: "wind", exact: true }).first().click();
    await page.getByRole("button", { name: "Acknowledge" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Acknowledge" }).click();
    await dialog.getByRole("alert").getByText("lacks the permission").waitFor();
    await dialog.getByText("permission to write there").waitFor();
    await screenshot(page, "alert-refused", "light");
    await dialog.getByRole("button", { name: "Leave it" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Acknowledge" }).waitFor();
  });
});

describe.each(themes)("in %s colours", (theme) => {
  it("list, panel and page have no serious issue", async () => {
    const page = await openPage("/alerts", { theme });
    await page.getByText(ALL).waitFor();
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "alerts", theme);
    await page.getByRole("grid", { name: "Alerts" }).locator("tbody tr").last().click();
    await page.getByText("Who was told").waitFor();
    await page.waitForLoadState("networkidle");
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "alerts-peek", theme);
    await page.getByRole("link", { name: "Open in full page" }).click();
    await page.getByRole("heading", { level: 1, name: /Alert on/ }).waitFor();
    await page.waitForLoadState("networkidle");
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "alert", theme);
  });
});
