import { useEffect, useState } from "react";
import { formatExactTime, formatRelative, formatTime, instantMs, type Instant } from "./time.ts";

interface TimeTextProps {
  readonly at: Instant;
  /** `relative` reads "3 min. ago"; the exact time with zone is in the tooltip of both. */
  readonly form?: "absolute" | "relative";
}

const TICK_MS = 10_000;

/** A point in time, with its zone on hover and in `datetime`. */
export function TimeText({ at, form = "absolute" }: TimeTextProps) {
  const nowMs = useNow(form === "relative");
  const ms = instantMs(at);
  const iso = Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
  return (
    <time dateTime={iso} title={formatExactTime(at)} className="numeric">
      {form === "relative" ? formatRelative(at, nowMs) : formatTime(at)}
    </time>
  );
}

function useNow(ticks: boolean): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    if (!ticks) return undefined;
    const timer = setInterval(() => setNowMs(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [ticks]);
  return nowMs;
}
