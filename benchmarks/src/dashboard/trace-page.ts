import type { Browser, Page } from "playwright-core";

/** What runs inside `evaluate` runs in the page. */
declare function requestAnimationFrame(callback: (timeMs: number) => void): number;

/** Of the page, in which parts of this file run; the rest of it runs in Node. */
declare function requestAnimationFrame(onFrame: (nowMs: number) => void): number;

/** From the request for the page to the frame in which rows and bars are there. */
export async function openTrace(browser: Browser, url: string) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(url, { waitUntil: "commit" });
  await page.locator("[role=treeitem]").first().waitFor();
  // Two frames on, what the first one drew is on the screen; the page's own clock began with its request.
  const openMs = await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return performance.now();
  });
  return { page, openMs };
}

export interface FrameCount {
  /** Frames that a screen of 60 a second would have shown. */
  readonly due: number;
  /** Of these, such as had nothing new. */
  readonly dropped: number;
  readonly longestMs: number;
  /** What the page's main thread computed for each frame, whatever else the machine was at. */
  readonly cpuMs: number;
}

const SCROLL_FRAMES = 240;

/** Scrolls from the first row to the last, a step a frame. */
export async function scrollTrace(page: Page): Promise<FrameCount> {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send("Performance.enable", { timeDomain: "threadTicks" });
  const cpuSeconds = async () => {
    const { metrics } = await devTools.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN;
  };
  const before = await cpuSeconds();
  const count = await countFrames(page);
  return { ...count, cpuMs: (((await cpuSeconds()) - before) * 1000) / SCROLL_FRAMES };
}

function countFrames(page: Page): Promise<Omit<FrameCount, "cpuMs">> {
  return page.locator(".span-tree-scroller").evaluate(async (scroller, frames) => {
    const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const distance = scroller.scrollHeight - scroller.clientHeight;
    const frameMs = 1000 / 60;
    let [before, longestMs, dropped] = [await nextFrame(), 0, 0];
    const startedMs = before;
    for (let frame = 1; frame <= frames; frame += 1) {
      scroller.scrollTop = (distance * frame) / frames;
      const now = await nextFrame();
      longestMs = Math.max(longestMs, now - before);
      dropped += Math.max(0, Math.round((now - before) / frameMs) - 1);
      before = now;
    }
    return { due: Math.round((before - startedMs) / frameMs), dropped, longestMs };
  }, SCROLL_FRAMES);
}
