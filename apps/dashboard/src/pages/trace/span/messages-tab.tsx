import type { GenAiMessage, SpanDetail } from "@scouter/contracts";
import { Stack, Text } from "@mantine/core";
import { Icon } from "../../../icon/icon.tsx";
import { Nothing } from "./nothing.tsx";
import { prettyText } from "./attribute-groups.ts";
import { conversationOf, type ToolExchange, type Turn } from "./conversation.ts";

/** The conversation as the model saw it and went on with it. */
export function MessagesTab({ span: { genai } }: { readonly span: SpanDetail }) {
  const turns = conversationOf(genai?.input_messages ?? [], genai?.output_messages ?? []);
  if (turns.length === 0) {
    return <Nothing>This span captured no messages.</Nothing>;
  }
  return (
    <Stack component="ol" gap="xs" className="messages">
      {turns.map((turn, at) => (
        <MessageTurn key={`${turn.message.role} ${String(at)}`} turn={turn} />
      ))}
    </Stack>
  );
}

function MessageTurn({ turn: { message, exchanges, isOutput } }: { readonly turn: Turn }) {
  const isLong = message.role === "system" || message.role === "developer";
  return (
    <li className="message" data-role={message.role} data-output={isOutput}>
      <div className="message-head">
        <strong>{message.role}</strong>
        {isOutput && <span className="message-mark">produced here</span>}
        {message.finish_reason !== null && <span>finished: {message.finish_reason}</span>}
      </div>
      {isLong ? (
        <details>
          <summary>{firstWords(message.text)}</summary>
          <MessageText message={message} />
        </details>
      ) : (
        <MessageText message={message} />
      )}
      {exchanges.map((exchange, at) => (
        <Exchange key={`${exchange.call.name} ${String(at)}`} exchange={exchange} />
      ))}
    </li>
  );
}

function MessageText({ message: { text, tool_calls } }: { readonly message: GenAiMessage }) {
  if (text === null || text === "") {
    return tool_calls.length > 0 ? undefined : (
      <Text size="sm" c="dimmed">
        (empty)
      </Text>
    );
  }
  return <div className="message-text">{prettyText(text)}</div>;
}

function Exchange({ exchange: { call, answer } }: { readonly exchange: ToolExchange }) {
  return (
    <div className="exchange">
      <div className="message-head">
        <Icon name="tool" sizePx={12} />
        <strong className="mono">{call.name}</strong>
        {call.id !== null && <span className="mono">{call.id}</span>}
      </div>
      <pre>{prettyText(call.arguments)}</pre>
      <div className="message-head">
        <Icon name="right" sizePx={10} />
        {answer === undefined ? "no answer in this span" : "answer"}
      </div>
      {answer !== undefined && <pre>{prettyText(answer.text ?? "(empty)")}</pre>}
    </div>
  );
}

const SHOWN_CHARACTERS = 90;

function firstWords(text: string | null): string {
  const line = (text ?? "(empty)").replace(/\s+/g, " ");
  return line.length <= SHOWN_CHARACTERS ? line : `${line.slice(0, SHOWN_CHARACTERS)}…`;
}
