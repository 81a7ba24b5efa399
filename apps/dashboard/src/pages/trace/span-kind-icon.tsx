import { Icon } from "../../icon/icon.tsx";
import { spanKindLook } from "./span-kind.ts";

interface SpanKindIconProps {
  readonly kind: string | null;
  readonly sizePx?: number;
}

/** Shape and colour of a kind of span, and its word for those who do not see them. */
export function SpanKindIcon({ kind, sizePx = 14 }: SpanKindIconProps) {
  const look = spanKindLook(kind);
  return (
    <span
      className="span-kind-icon"
      title={look.word}
      style={{ color: `var(${look.colour})`, display: "inline-flex", verticalAlign: "-2px" }}
    >
      <Icon name={look.icon} sizePx={sizePx} />
      <span className="visually-hidden">{look.word} </span>
    </span>
  );
}
