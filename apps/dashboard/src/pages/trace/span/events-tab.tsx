import type { SpanDetail } from "@scouter/contracts";
import { Stack } from "@mantine/core";
import { formatDuration } from "../../../format/number.ts";
import { TimeText } from "../../../format/time-text.tsx";
import { Icon } from "../../../icon/icon.tsx";
import { AttributeTable } from "./attribute-table.tsx";
import { Nothing } from "./nothing.tsx";

/** What happened while the span was open, exceptions among it. */
export function EventsTab({ span }: { readonly span: SpanDetail }) {
  if (span.events.length === 0) return <Nothing>This span has no events.</Nothing>;
  return (
    <Stack component="ol" gap="sm" className="messages">
      {span.events.map((event, at) => (
        <li key={`${event.time} ${String(at)}`} className="message">
          <div className="message-head">
            {event.name === "exception" && <Icon name="failed" sizePx={12} />}
            <strong>{event.name}</strong>
            <span className="numeric">
              {formatDuration(event.offset_ns / 1000)} after the start, <TimeText at={event.time} />
            </span>
          </div>
          {event.attributes.length > 0 && (
            <AttributeTable caption="attributes" attributes={event.attributes} />
          )}
        </li>
      ))}
    </Stack>
  );
}
