import type { Browser, Page } from "playwright-core";

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
}

const SCROLL_FRAMES = 240;

/** Scrolls from the first row to the last, a step a frame. */
export function scrollTrace(page: Page): Promise<FrameCount> {
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
