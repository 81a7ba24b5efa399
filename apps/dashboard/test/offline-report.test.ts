import { createRequire } from "node:module";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { expectNoSeriousAxeIssues, screenshot, type Theme } from "./browser/pages.ts";

// The page that `scouter eval compare --reporter html` makes; a unit test keeps the file equal to what the code writes.
const file = new URL("../../../packages/evaluate/src/report/golden/report.html", import.meta.url);
const axeFile = createRequire(import.meta.url).resolve("axe-core");

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.connect(inject("browserEndpoint"));
});
afterAll(() => browser.close());

/** Without a network; whatever the page asks for, and every complaint of the browser, is in `problems`. */
async function opened(theme: Theme, widthPx = 1280) {
  const context = await browser.newContext({
    offline: true,
    colorScheme: theme,
    viewport: { width: widthPx, height: 900 },
  });
  await context.addInitScript({ path: axeFile });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("dialog", (dialog) => problems.push(`dialog: ${dialog.message()}`));
  page.on("request", (request) => {
    if (request.url() !== file.href) problems.push(request.url());
  });
  await page.goto(file.href);
  return { page, problems, close: () => context.close() };
}

async function openAll(page: Page): Promise<void> {
  for (const row of await page.locator("details.scenario > summary").all()) await row.click();
  await page.locator("details.scenario").first().locator(".trace > summary").first().click();
}

describe("the page of a comparison", () => {
  it.each<Theme>(["light", "dark"])("opens from a file without a network (%s)", async (theme) => {
    const { page, problems, close } = await opened(theme);
    await page.getByRole("heading", { level: 1, name: "Regression" }).waitFor();
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "offline-report", theme);
    await openAll(page);
    await expectNoSeriousAxeIssues(page);
    await page.locator("details.scenario").first().scrollIntoViewIfNeeded();
    await screenshot(page, "offline-report-open", theme);
    expect(problems).toEqual([]);
    await close();
  });

  it("filters scenarios, shows both answers word by word, and the trace", async () => {
    const { page, problems, close } = await opened("light");
    const rows = page.locator("details.scenario:visible");
    const all = await rows.count();
    await page.getByLabel(/failing now/).check();
    const failing = await rows.count();
    expect(failing).toBeGreaterThan(0);
    expect(failing).toBeLessThan(all);
    await page.getByLabel(/^\s*flaky/).check();
    expect(await rows.count()).toBeLessThan(failing);
    await page.getByLabel(/^\s*all/).check();
    const first = rows.first();
    await first.locator("summary").first().click();
    expect(await first.locator("del").allTextContents()).toContain("30");
    expect(await first.locator("ins").allTextContents()).toContain("14");
    await first.getByText("trace: 3 spans").last().click();
    await first.getByText("retrieve documents").last().waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  it("fits a narrow window without scrolling sideways", async () => {
    const { page, close } = await opened("light", 400);
    await openAll(page);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    await close();
  });
});
