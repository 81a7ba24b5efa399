const tasks = new Set<() => void>();

function runAll(): void {
  for (const task of tasks) task();
}

/**
 * Runs `task`, which cannot wait for events, when this thread's process ends by itself: an exit, an error that nothing
 * caught. A signal that nobody listens to gives no chance to. One listener serves all.
 *
 * @returns forgets it
 */
export function atExit(task: () => void): () => void {
  if (tasks.size === 0) process.on("exit", runAll);
  tasks.add(task);
  return () => {
    tasks.delete(task);
    if (tasks.size === 0) process.off("exit", runAll);
  };
}
