import { EventEmitter } from "node:events";
import type { Terminal } from "../src/terminal.ts";

export interface TestTerminal extends Terminal {
  readonly signals: EventEmitter;
  /** Everything printed so far. */
  stdout(): string;
  stderr(): string;
  /** Resolve as soon as the stream holds the text. */
  saysOnStdout(text: string): Promise<void>;
  saysOnStderr(text: string): Promise<void>;
  /** Codes that `abandon` was called with. */
  readonly abandoned: readonly number[];
  /** Acts as if the parent process had ended. */
  loseParent(): void;
  /** What was sent to the parent. */
  readonly toParent: readonly object[];
}

/** A terminal in memory. */
export function testTerminal(
  fields: {
    readonly env?: Readonly<Record<string, string>>;
    readonly workingFolder?: string;
    readonly parent?: true;
  } = {},
): TestTerminal {
  const written = { out: "", err: "" };
  const changed = new EventEmitter();
  const abandoned: number[] = [];
  const toParent: object[] = [];
  const says = (stream: keyof typeof written, text: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!written[stream].includes(text)) return;
        changed.off(stream, look);
        resolve();
      };
      changed.on(stream, look);
      look();
    });
  return {
    out(text) {
      written.out += text;
      changed.emit("out");
    },
    err(text) {
      written.err += text;
      changed.emit("err");
    },
    env: fields.env ?? {},
    workingFolder: fields.workingFolder ?? "/nowhere",
    columns: undefined,
    signals: new EventEmitter(),
    parent:
      fields.parent === undefined
        ? undefined
        : {
            send: (message) => void toParent.push(message),
            onLost: (listener) => void changed.once("lost", listener),
            close: () => undefined,
          },
    onFault: () => undefined,
    abandon: (code) => void abandoned.push(code),
    stdout: () => written.out,
    stderr: () => written.err,
    saysOnStdout: (text) => says("out", text),
    saysOnStderr: (text) => says("err", text),
    abandoned,
    toParent,
    loseParent: () => void changed.emit("lost"),
  };
}
