/** Calls after the death never reach the target; a call under way may still end, as a statement sent before a kill. */
export function mortal<Target extends object>(target: Target, dead: () => boolean): Target {
  return new Proxy(target, {
    get(_, name) {
      const method = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
      return async (...args: unknown[]) => {
        if (dead()) throw new Error("the process was killed");
        const reply = await method.apply(target, args);
        if (dead()) throw new Error("the process was killed before it saw the reply");
        return reply;
      };
    },
  });
}
