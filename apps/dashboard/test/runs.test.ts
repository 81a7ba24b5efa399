import type { EvalRunPage } from "@scouter/contracts";
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
const LIST = /\/scouter\/v2\/eval\/runs\?/;

describe("offline runs", () => {
  it.each(themes)("are listed, and one is compared with a baseline (%s)", async (theme) => {
    const page = await openPage("/runs", { theme });
    const table = page.getByRole("grid", { name: "Offline runs" });
    await table.getByText("main", { exact: true }).waitFor();
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "runs", theme);
    await table.getByRole("link", { name: "pull-94" }).click();
    await page.getByRole("heading", { level: 1, name: "Run pull-94" }).waitFor();
    await page.getByText("21 of 30 scenarios passed in every repeat").waitFor();
    await page.getByLabel("Compare with").first().click();
    await page.getByRole("option", { name: /^main: main-812/ }).click();
    await page.waitForURL(/baseline=\d+/);
    await page.getByText(/scenarios: pass rate fell from 100 % to/).waitFor();
    await page
      .getByRole("table", { name: "Metrics" })
      .getByText("Regression", { exact: true })
      .waitFor();
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "run-compared", theme);
  });

  it("show both answers of a scenario beside the list, and survive a reload", async () => {
    const page = await openPage("/runs");
    await page.getByRole("link", { name: "pull-94" }).click();
    await page.getByLabel("Compare with").first().click();
    await page.getByRole("option", { name: /^main: main-812/ }).click();
    const scenarios = page.getByRole("grid", { name: "Scenarios" });
    await scenarios.locator("tbody tr").first().click();
    await page.waitForURL(/peek=question-01/);
    const panel = page.getByRole("complementary");
    await panel
      .getByRole("region", { name: "This run" })
      .getByText("within 14 days")
      .first()
      .waitFor();
    await panel
      .getByRole("region", { name: "Baseline" })
      .getByText("within 30 days")
      .first()
      .waitFor();
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "run-scenario", "light");
    await page.reload();
    await panel.getByText("within 14 days").first().waitFor();
    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
  });

  it("are told of when there are none, with the commands that bring some", async () => {
    const none: EvalRunPage = { items: [], next_cursor: null };
    const page = await openPage("/runs", {
      prepare: (page) => page.route(LIST, (route) => route.fulfill({ json: none })),
    });
    await page.getByText("No offline run here yet").waitFor();
    expect(await page.getByLabel("to copy").textContent()).toContain("scouter eval baseline save");
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "runs-empty", "light");
    await page.unroute(LIST);
    await page.getByRole("link", { name: "pull-94" }).waitFor();
  });

  it("say what went wrong", async () => {
    const page = await openPage("/runs", {
      expectedErrors: [/status of 400/],
      prepare: (page) => page.route(LIST, (route) => route.fulfill(PROBLEM)),
    });
    await page.getByRole("alert").getByText("the moon is full").waitFor();
  });
});
