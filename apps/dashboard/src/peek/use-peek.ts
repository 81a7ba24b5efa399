import { useCallback, useState } from "react";
import { useUrlParameter } from "../url/search.ts";

export interface Peek {
  /** Key of the row that is shown; undefined while the panel is closed. */
  readonly key: string | undefined;
  readonly open: (key: string) => void;
  readonly close: () => void;
  /** Shows the row so many places further down (up when negative) on the screen. */
  readonly walk: (places: number) => void;
  /** To be given to the table. */
  readonly setOrder: (keys: readonly string[]) => void;
  readonly position: { readonly at: number; readonly of: number } | undefined;
}

/** The row that a panel shows beside its table, kept in the address as `peek`. */
export function usePeek(): Peek {
  const [key, setKey] = useUrlParameter("peek", { replace: true });
  const [order, setOrder] = useState<readonly string[]>([]);
  const at = key === undefined ? -1 : order.indexOf(key);
  const walk = useCallback(
    (places: number) => {
      const next = order[Math.max(0, Math.min(order.length - 1, at + places))];
      if (at !== -1 && next !== undefined) setKey(next);
    },
    [at, order, setKey],
  );
  const close = useCallback(() => setKey(undefined), [setKey]);
  return {
    key,
    open: setKey,
    close,
    walk,
    setOrder,
    position: at === -1 ? undefined : { at: at + 1, of: order.length },
  };
}
