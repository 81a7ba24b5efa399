/** Resolves when the work ends, however it ends, or after `ms`. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  // The work's own outcome was or will be reported where it belongs; here only its end matters.
  await Promise.race([work.catch(() => undefined), timeUp]);
  clearTimeout(timer);
}
