import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { AxeResults, RunOptions } from "axe-core";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";

export type Theme = "light" | "dark";

export interface OpenOptions {
  readonly theme?: Theme;
  /** Errors that the test is about; each other one in the console fails it. */
  readonly expectedErrors?: readonly RegExp[];
  readonly widthPx?: number;
  /** Called before the address is: to answer some requests in the server's place with `page.route`. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

export interface Pages {
  /**
   * Opens a page in a browser of its own and waits for its heading. The test fails when it ends with an error in the
   * console, a breach of the content security policy, or a request that left the server's origin.
   */
  readonly openPage: (path: string, options?: OpenOptions) => Promise<Page>;
}

const axeFile = createRequire(import.meta.url).resolve("axe-core");

/** To be called at the top of a test file. */
export function pagesOfDashboard(): Pages {
  let browser: Browser;
  const contexts: BrowserContext[] = [];
  const problems: string[] = [];
  beforeAll(async () => {
    browser = await chromium.connect(inject("browserEndpoint"));
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    expect(problems.splice(0)).toEqual([]);
  });

  const openPage = async (path: string, options: OpenOptions = {}) => {
    const { theme = "light", widthPx = 1440 } = options;
    const baseUrl = inject("serverUrl");
    const context = await browser.newContext({
      baseURL: baseUrl,
      colorScheme: theme,
      viewport: { width: widthPx, height: 900 },
      locale: "en-GB",
      timezoneId: "Europe/Berlin",
      reducedMotion: "reduce",
    });
    contexts.push(context);
    await context.addInitScript({ path: axeFile });
    const page = await context.newPage();
    watch(page, { origin: new URL(baseUrl).origin, problems, options });
    await options.prepare?.(page);
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    return page;
  };
  return { openPage };
}

interface Watch {
  readonly origin: string;
  readonly problems: string[];
  readonly options: OpenOptions;
}

function watch(page: Page, { origin, problems, options }: Watch): void {
  const expected = options.expectedErrors ?? [];
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    const text = `${message.text()} (${message.location().url})`;
    if (!expected.some((pattern) => pattern.test(text))) problems.push(`console: ${text}`);
  });
  page.on("pageerror", (error) => problems.push(`uncaught: ${error.message}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && !["data:", "blob:"].includes(url.protocol)) {
      problems.push(`left the origin: ${request.url()}`);
    }
  });
}

const rules: RunOptions = {
  resultTypes: ["violations"],
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};

/**
 * Until nothing is being fetched and what came is drawn: a button that is about to work has, for a moment, the colours
 * of one that does not.
 */
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await frame();
    await frame();
  });
}

/** What axe calls serious or critical, colour contrast among it, once the page has settled. */
export async function expectNoSeriousAxeIssues(page: Page): Promise<void> {
  await settle(page);
  const found = await page.evaluate(async (options) => {
    const { axe } = window as unknown as {
      readonly axe: { run(options: RunOptions): Promise<AxeResults> };
    };
    const { violations } = await axe.run(options);
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => ({
        id,
        where: nodes.map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message ?? ""}`),
      }));
  }, rules);
  expect(found).toEqual([]);
}

/** Kept as `<name>-<theme>.png` in the folder that SCOUTER_SCREENSHOTS names; nothing is done without it. */
export async function screenshot(page: Page, name: string, theme: Theme): Promise<void> {
  const folder = process.env["SCOUTER_SCREENSHOTS"];
  if (folder === undefined || folder === "") return;
  await settle(page);
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
}
