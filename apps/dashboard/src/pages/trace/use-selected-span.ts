import { useCallback, useEffect, useRef, useState } from "react";
import { useUrlParameter } from "../../url/search.ts";

/** Browsers slow down who changes the address for every row that a held key passes. */
const ADDRESS_DELAY_MS = 150;

/**
 * The span that is looked at. The tree follows at once; the address, and with it what is fetched, when the selection rests.
 *
 * @param fallback while the address names none
 */
export function useSelectedSpan(fallback: string) {
  const [inAddress, setInAddress] = useUrlParameter("span", { replace: true });
  const [selected, setSelected] = useState(inAddress);
  const written = useRef(inAddress);
  useEffect(() => {
    // Another link or the way back, not the echo of what was written here.
    if (inAddress === written.current) return;
    written.current = inAddress;
    setSelected(inAddress);
  }, [inAddress]);
  useEffect(() => {
    if (selected === written.current) return undefined;
    const timer = setTimeout(() => {
      written.current = selected;
      setInAddress(selected);
    }, ADDRESS_DELAY_MS);
    return () => clearTimeout(timer);
  }, [selected, setInAddress]);
  const select = useCallback((spanId: string) => setSelected(spanId), []);
  return { selectedId: selected ?? fallback, restingId: inAddress ?? fallback, select };
}
