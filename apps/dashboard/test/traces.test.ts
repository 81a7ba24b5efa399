import { exportRequestProtobuf } from "@scouter/testkit/otlp/export-protobuf";
import { largeTrace } from "@scouter/testkit/otlp/large-trace";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, inject, it } from "vitest";
import {
  expectNoSeriousAxeIssues,
  pagesOfDashboard,
  screenshot,
  type Theme,
} from "./browser/pages.ts";

const { openPage } = pagesOfDashboard();
const themes: readonly Theme[] = ["light", "dark"];
const LISTS = "**/scouter/v2/traces?*";
const DAY_MS = 86_400_000;
/** Two days back: outside of what other tests of the same server look at. */
const large = {
  spanCount: 20_000,
  number: 7_000_000_000,
  startNano: BigInt(Date.now() - 2 * DAY_MS) * 1_000_000n,
  serviceName: "catalogue",
};
const LARGE_ID = large.number.toString(16).padStart(32, "0");

const rowsOf = (page: Page) => page.getByRole("grid", { name: "Traces" }).locator("tbody tr");
const treeOf = (page: Page) => page.getByRole("tree");
const selectedOf = (page: Page) => treeOf(page).locator('[aria-selected="true"]');

/** The first failed trace of the demo, opened by its row's link. */
async function openFailedTrace(theme: Theme = "light"): Promise<Page> {
  const page = await openPage("/traces?filter=status:error", { theme });
  await rowsOf(page).first().getByRole("link").click();
  await treeOf(page).waitFor();
  return page;
}

describe("the list of traces", () => {
  it("is filtered by service and error, and keeps that over reload and the way back", async () => {
    const page = await openPage("/traces");
    const facets = page.getByRole("complementary", { name: /^Facets/ });
    await facets
      .getByRole("button", { name: /car-support/ })
      .first()
      .click();
    await page.waitForURL(/filter=service:car-support/);
    await facets.getByRole("button", { name: /error/ }).click();
    await page.waitForURL(/status:error/);
    await page.getByText(/^\d traces?$/).waitFor();
    const count = await rowsOf(page).count();
    expect(count).toBeGreaterThan(0);
    await page.reload();
    await page.getByText(/^\d traces?$/).waitFor();
    expect(await rowsOf(page).count()).toBe(count);
    expect(await facets.getByRole("button", { name: /error/ }).getAttribute("aria-pressed")).toBe(
      "true",
    );
    await page.goBack();
    await page.waitForURL((url) => !url.search.includes("status"));
    await page.getByText("30 traces").waitFor();
  });

  it("takes typed tokens, completes their values, and says what it leaves out", async () => {
    const page = await openPage("/traces");
    const bar = page.getByRole("textbox", { name: "Filter traces" });
    await bar.fill("kind:to");
    await page.getByRole("option", { name: "kind:tool" }).click();
    await page.waitForURL(/filter=kind:tool/);
    await page.getByText("24 traces").waitFor();
    await bar.fill("duration>1h");
    await bar.press("Enter");
    await page.getByText("No trace matches the filter").waitFor();
    await page.getByRole("button", { name: "Clear the filter" }).click();
    await page.getByText("30 traces").waitFor();
    await bar.fill("kind:robot");
    await bar.press("Enter");
    await page.getByText(/'kind:robot' is left out/).waitFor();
  });

  it("shows a trace beside the table, walks the rows, and opens its page", async () => {
    const page = await openPage("/traces");
    await rowsOf(page).first().locator("td").first().click();
    await page.waitForURL(/peek=[0-9a-f]{32}/);
    const panel = page.getByRole("complementary", { name: "invoke_agent car-support" });
    await panel.getByText("1 of 30").waitFor();
    await page.keyboard.press("j");
    await panel.getByText("2 of 30").waitFor();
    await panel.getByRole("heading", { name: "Spans" }).waitFor();
    await screenshot(page, "traces-peek", "light");
    const id = new URL(page.url()).searchParams.get("peek") ?? "";
    await panel.getByRole("link", { name: "Open full page" }).click();
    await page.waitForURL(new RegExp(`/traces/${id}`));
  });

  it("sets the range by dragging over the histogram", async () => {
    const page = await openPage("/traces");
    await rowsOf(page).first().waitFor();
    const box = await page.locator(".bar-strip svg").boundingBox();
    if (box === null) throw new Error("the histogram is not on the screen");
    await page.mouse.move(box.x + box.width * 0.1, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.4, box.y + 20, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/range=20.*Z\/20.*Z/);
    await page.getByText("No trace in this time range").waitFor();
    await page.goBack();
    await page.getByText("30 traces").waitFor();
  });

  it("fetches the next page when the end comes near", async () => {
    const asked: string[] = [];
    const page = await openPage("/traces", {
      prepare: (page) =>
        page.route(LISTS, async (route) => {
          const url = new URL(route.request().url());
          url.searchParams.set("limit", "20");
          asked.push(url.searchParams.get("cursor") ?? "first");
          await route.continue({ url: url.href });
        }),
    });
    await page.getByText("30 traces", { exact: true }).waitFor();
    expect(asked).toHaveLength(2);
    expect(asked[1]).not.toBe("first");
  });

  it("waits for the first trace with a snippet, and turns live", async () => {
    const page = await openPage("/traces?range=3d", {
      prepare: (page) =>
        page.route(LISTS, (route) => {
          const now = new Date().toISOString();
          return route.fulfill({ json: { items: [], next_cursor: null, start: now, end: now } });
        }),
    });
    await page.getByText("No trace in this time range").waitFor();
    expect(await page.getByLabel("to copy").textContent()).toContain("/v1/traces");
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "traces-empty", "light");
    await page.unroute(LISTS);
    await rowsOf(page).first().waitFor();
  });

  it("says what went wrong, what to do and the code, and tries again", async () => {
    const page = await openPage("/traces", {
      expectedErrors: [/status of 400/],
      prepare: (page) =>
        page.route(LISTS, (route) =>
          route.fulfill({
            status: 400,
            contentType: "application/problem+json",
            json: { detail: "the moon is full", code: "SERVER_MOON", suggested_action: "wait" },
          }),
        ),
    });
    const alert = page.getByRole("alert");
    await alert.getByText("the moon is full").waitFor();
    expect(await alert.textContent()).toContain("SERVER_MOON");
    await screenshot(page, "traces-error", "light");
    await page.unroute(LISTS);
    await alert.getByRole("button", { name: "Try again" }).click();
    await rowsOf(page).first().waitFor();
  });
});

describe("a trace", () => {
  it("leads from the failed span to its attributes; reload keeps the span, back leads to the list", async () => {
    const page = await openFailedTrace();
    await treeOf(page)
      .getByRole("treeitem", { name: /execute_tool/ })
      .click();
    await page.waitForURL(/span=[0-9a-f]{16}/);
    const panel = page.getByRole("region", { name: "Selected span" });
    await panel.getByRole("heading", { name: /execute_tool/ }).waitFor();
    await panel.getByRole("tab", { name: /Attributes/ }).click();
    await page.waitForURL(/tab=attributes/);
    await panel.getByRole("textbox", { name: "Search attributes" }).fill("tool.name");
    await panel.getByRole("rowheader", { name: "gen_ai.tool.name" }).waitFor();
    await page.reload();
    await panel.getByRole("heading", { name: /execute_tool/ }).waitFor();
    expect(await selectedOf(page).textContent()).toContain("execute_tool");
    await panel.getByRole("rowheader", { name: "gen_ai.tool.name" }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "Traces" }).waitFor();
    await page.waitForURL(/filter=status:error/);
  });

  it("is walked by keyboard, folded and unfolded", async () => {
    const page = await openFailedTrace();
    const items = treeOf(page).getByRole("treeitem");
    await page.keyboard.press("j");
    await expect.poll(() => selectedOf(page).textContent()).toContain("chat");
    await page.keyboard.press("k");
    await treeOf(page).focus();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => items.count()).toBe(1);
    expect(await items.first().textContent()).toMatch(/\+3 spans, \d+ \/ \d+ tokens/);
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => items.count()).toBe(4);
    await page.keyboard.press("End");
    await expect.poll(() => selectedOf(page).getAttribute("aria-posinset")).toBe("3");
    expect(await treeOf(page).getAttribute("aria-activedescendant")).toBe(
      await selectedOf(page).getAttribute("id"),
    );
  });

  it("shows messages with their tool calls answered, and the scores of its record", async () => {
    const page = await openFailedTrace();
    await treeOf(page).getByRole("treeitem", { name: /chat/ }).last().click();
    const panel = page.getByRole("region", { name: "Selected span" });
    await panel.getByRole("heading", { name: /chat/ }).waitFor();
    await panel.getByRole("tab", { name: /Messages/ }).click();
    await panel.getByText("answer", { exact: true }).waitFor();
    await panel.getByText("produced here").waitFor();
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "trace-messages", "light");
    await panel.getByRole("tab", { name: /Scores/ }).click();
    await panel.getByRole("link", { name: /car-support-answers/ }).waitFor();
    await panel.getByRole("rowheader", { name: /every_tool_call_succeeds/ }).waitFor();
    await expectNoSeriousAxeIssues(page);
    await panel.getByRole("link", { name: /^q\d+/ }).click();
    await page.waitForURL(/evaluations\/.*\/records\//);
  });

  it("shows errors only, and zooms by dragging over the bars", async () => {
    const page = await openFailedTrace();
    await page.getByRole("checkbox", { name: /Errors only/ }).check();
    await page.waitForURL(/only=errors/);
    await expect.poll(() => treeOf(page).getByRole("treeitem").count()).toBe(2);
    const box = await page.locator(".waterfall").boundingBox();
    if (box === null) throw new Error("the waterfall is not on the screen");
    await page.mouse.move(box.x + 40, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + 160, box.y + 60, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/zoom=\d+-\d+/);
    await page.getByRole("button", { name: /show all/ }).click();
    await page.waitForURL((url) => !url.search.includes("zoom"));
  });

  it("says that there is no such trace, and what to do", async () => {
    const page = await openPage(`/traces/${"a".repeat(32)}`, { expectedErrors: [/status of 404/] });
    const alert = page.getByRole("alert");
    await alert.getByText("SERVER_TRACE_NOT_FOUND").waitFor();
    expect(await alert.textContent()).toContain("What to do: check the id");
    await screenshot(page, "trace-error", "light");
  });
});

describe("a trace of 20,000 spans", () => {
  beforeAll(async () => {
    for (const request of largeTrace(large)) {
      const reply = await fetch(`${inject("serverUrl")}/v1/traces`, {
        method: "POST",
        headers: { "content-type": "application/x-protobuf" },
        body: Buffer.from(exportRequestProtobuf(request)),
      });
      expect(reply.status).toBe(200);
    }
  });

  it("opens with few rows in the document, scrolls to its end, and finds spans there", async () => {
    const page = await openPage(`/traces/${LARGE_ID}`);
    await page.getByText("20,000", { exact: true }).waitFor();
    const items = treeOf(page).getByRole("treeitem");
    expect(await items.count()).toBeLessThan(200);
    await page.locator(".span-tree-scroller").evaluate((scroller) => {
      scroller.scrollTop = scroller.scrollHeight;
    });
    await items.getByText("the last call").waitFor();
    expect(await items.count()).toBeLessThan(200);
    const find = page.getByRole("textbox", { name: "Find spans" });
    await find.fill("chat step 12");
    await page.getByText("497 matches").waitFor();
    await find.press("Enter");
    await page.getByText("1 of 497 matches").waitFor();
    await expect.poll(() => selectedOf(page).textContent()).toContain("chat step 12");
    await screenshot(page, "trace-large", "light");
  });
});

describe.each(themes)("in %s colours", (theme) => {
  it("a trace and the list with its panel have no serious issue of accessibility", async () => {
    const page = await openFailedTrace(theme);
    await page.getByRole("region", { name: "Selected span" }).getByRole("tab").first().waitFor();
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "trace", theme);
    for (const tab of ["Attributes", "Events", "Metadata"]) {
      await page.getByRole("tab", { name: tab }).click();
      await expectNoSeriousAxeIssues(page);
    }
    await page.goBack();
    await rowsOf(page).first().locator("td").first().click();
    await page.getByRole("heading", { name: "Spans" }).waitFor();
    await expectNoSeriousAxeIssues(page);
    await screenshot(page, "traces", theme);
  });
});
