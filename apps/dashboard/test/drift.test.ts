import type { DriftProfilePage } from "@scouter/contracts";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { manyWindows } from "./browser/many-windows.ts";
import {
  expectNoSeriousAxeIssues,
  pagesOfDashboard,
  screenshot,
  type Theme,
} from "./browser/pages.ts";
import { PROBLEM } from "./browser/problem.ts";

const { openPage } = pagesOfDashboard();
const themes: readonly Theme[] = ["light", "dark"];
const LIST = "**/scouter/v2/drift/profiles*";
const GRID = "**/scouter/v2/drift/grid*";

/** Goes from the list to the profile of a kind, as a person does. */
async function openProfile(page: Page, kind: string): Promise<void> {
  const row = page
    .getByRole("grid", { name: "Drift profiles" })
    .locator("tbody tr")
    .filter({ has: page.locator("td", { hasText: new RegExp(`^${kind}$`, "i") }) })
    .first();
  await row.getByRole("link").first().click();
  await page.getByRole("heading", { level: 1, name: /temperature-forecast|car-support/ }).waitFor();
}

const focusedLabel = (page: Page) =>
  page.evaluate(
    () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent,
  );

describe("the list of drift profiles", () => {
  it("shows how each kind stands, sorts, and keeps the order", async () => {
    const page = await openPage("/drift");
    const table = page.getByRole("grid", { name: "Drift profiles" });
    await table.getByText("*/5 * * * * *").first().waitFor();
    expect(await table.getAttribute("aria-rowcount")).toBe("5");
    expect(await table.getByText(/^\d of 5$/).count()).toBe(1);
    await table.getByRole("button", { name: "Newest window" }).click();
    await page.waitForURL(/sort=status\.desc/);
    await expect.poll(() => table.locator("tbody tr").first().textContent()).toContain("Alert");
    await page.reload();
    await expect.poll(() => table.locator("tbody tr").first().textContent()).toContain("Alert");
  });

  it("narrows to a kind, says when nothing fits, and goes back", async () => {
    const page = await openPage("/drift?space=nowhere");
    await page.getByText("No profile fits the filter").waitFor();
    await page.getByRole("button", { name: "Show all profiles" }).click();
    await page.getByRole("grid", { name: "Drift profiles" }).waitFor();
    await page.goBack();
    await page.getByText("No profile fits the filter").waitFor();
  });

  it("waits with a snippet when there is none, and turns live", async () => {
    const none: DriftProfilePage = { start: "", end: "", items: [], next_cursor: null };
    const page = await openPage("/drift", {
      prepare: (page) => page.route(LIST, (route) => route.fulfill({ json: none })),
    });
    await page.getByText("Nothing is watched yet").waitFor();
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "drift-empty", "light");
    await page.unroute(LIST);
    await page.getByRole("grid", { name: "Drift profiles" }).waitFor();
  });

  it("says what went wrong", async () => {
    const page = await openPage("/drift", {
      expectedErrors: [/status of 400/],
      prepare: (page) => page.route(LIST, (route) => route.fulfill(PROBLEM)),
    });
    const alert = page.getByRole("alert");
    await alert.getByText("the moon is full").waitFor();
    expect(await alert.textContent()).toContain("SERVER_MOON");
    await screenshot(page, "drift-error", "light");
    await page.unroute(LIST);
    await alert.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("grid", { name: "Drift profiles" }).waitFor();
  });
});

describe.each(themes)("in %s colours", (theme) => {
  it("the list and the profiles of every kind have no serious issue", async () => {
    const page = await openPage("/drift", { theme });
    await page.getByRole("grid", { name: "Drift profiles" }).waitFor();
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "drift", theme);
    for (const kind of ["Psi", "Spc", "Custom"]) {
      await openProfile(page, kind);
      await page.getByRole("region", { name: /in one window/ }).waitFor();
      await page.waitForLoadState("networkidle");
      await expectNoSeriousAxeIssues(page);
      await screenshot(page, `drift-${kind.toLowerCase()}`, theme);
      await page.goBack();
      await page.getByRole("grid", { name: "Drift profiles" }).waitFor();
    }
  });

  it("a grid of many windows has none", async () => {
    const page = await openPage("/drift", { theme });
    await page.route(GRID, async (route) => {
      const reply = await route.fetch();
      const { profile, windows } = await reply.json();
      const newest = windows.at(-1);
      const asked = { profile, newestId: newest.id, endMs: Date.parse(newest.window_end) };
      await route.fulfill({ json: manyWindows(asked) });
    });
    await openProfile(page, "Psi");
    await page.getByRole("region", { name: /in one window/ }).waitFor();
    await page.waitForLoadState("networkidle");
    await page.locator("td[data-row='2'][data-column='40']").hover();
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "drift-many", theme);
  });
});

describe("a drift profile", () => {
  it("leads from the grid to the bins of a window, and the address keeps the way", async () => {
    const page = await openPage("/drift");
    await openProfile(page, "Psi");
    await page.getByText(/\d of 5 features drifted/).waitFor();
    await page.getByText(/^Expected false alarms: at most [\d,.]+ a month, if nothing/).waitFor();
    const grid = page.getByRole("grid", { name: "Features by window" });
    await grid.getByRole("rowheader", { name: "month" }).click();
    await page.waitForURL(/feature=month/);
    await page.getByRole("table", { name: "Bins of month against the baseline" }).waitFor();
    await grid
      .getByRole("gridcell", { name: /^wind, .*Alert, PSI [\d.]+, threshold 0\.1, n = [\d,]+/ })
      .last()
      .click();
    await page.waitForURL(/window=\d+/);
    const bins = page.getByRole("table", { name: "Bins of wind against the baseline" });
    await bins.waitFor();
    expect(await bins.textContent()).toContain("up to 1.7");
    expect(await bins.locator("tfoot").textContent()).toMatch(/^PSIthreshold 0\.1\d\.\d+$/);
    await page.reload();
    await bins.waitFor();
    await page.goBack();
    await page.getByRole("table", { name: "Bins of month against the baseline" }).waitFor();
  });

  it("draws a control chart with zones and names the rules", async () => {
    const page = await openPage("/drift");
    await openProfile(page, "Spc");
    const grid = page.getByRole("grid", { name: "Features by window" });
    await grid
      .getByRole("gridcell", { name: /Alert, mean [^,]+, n = \d+, one-sided run/ })
      .last()
      .click();
    await page.waitForURL(/window=\d+/);
    const chart = page.getByRole("img", { name: /points beyond 3 sigma/ });
    await chart.waitFor();
    expect(await chart.textContent()).toMatch(/one-sided run, zone \d, \d+ points/);
    expect(await chart.locator("circle").count()).toBeGreaterThan(1);
  });

  it("is walked by keyboard, with the figures of the cell at hand", async () => {
    const page = await openPage("/drift");
    await openProfile(page, "Psi");
    const grid = page.getByRole("grid", { name: "Features by window" });
    await grid.locator("[tabindex='0']").focus();
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => focusedLabel(page)).toMatch(/^(weather|wind|month), /);
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => focusedLabel(page)).toMatch(/^(weather|wind|month)$/);
    const name = await focusedLabel(page);
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`feature=${String(name)}`));
  });

  it("says so when the time has no window, and shows the empty ones when asked", async () => {
    const page = await openPage("/drift");
    await openProfile(page, "Psi");
    const { pathname } = new URL(page.url());
    const other = await openPage(`${pathname}?range=2020-01-01`);
    await other.getByText("No window with data in this time range").waitFor();
    await screenshot(other, "drift-profile-empty", "light");
    await other.getByRole("button", { name: "Show empty windows" }).click();
    await other.waitForURL(/empty=show/);
    await other.getByText("No window in this time range").waitFor();
    await expectNoSeriousAxeIssues(other);
  });

  it("says what went wrong with a profile that is not there", async () => {
    const page = await openPage("/drift/nobody", { expectedErrors: [/status of 404/] });
    await page.getByRole("alert").getByText("What to do").waitFor();
  });
});
