/** What is kept of a stream: its items, the last one, its texts as one, or nothing. */
export type StreamCapture = "list" | "last" | "join" | "none";

export interface StreamObserver {
  /** Runs each step of the stream where its span is active. */
  readonly run: <Result>(step: () => Result) => Result;
  /** Once, when the stream is used up or left early; `items` as the capture says, undefined for `none`. */
  readonly done: (items: unknown) => void;
  /** Once, when the stream throws; instead of `done`. */
  readonly failed: (error: unknown) => void;
}

/** Items and characters kept of one stream: what comes later is passed on, but not kept. */
const MAX_ITEMS = 1_000;
const MAX_CHARACTERS = 65_536;

export function isAsyncGenerator(
  value: unknown,
): value is AsyncGenerator<unknown, unknown, unknown> {
  return Object.prototype.toString.call(value) === "[object AsyncGenerator]";
}

/** The same stream, watched: items pass through one by one as they are asked for, whatever is kept of them. */
export async function* captureStream(
  stream: AsyncGenerator<unknown, unknown, unknown>,
  capture: StreamCapture,
  observer: StreamObserver,
): AsyncGenerator<unknown, unknown, unknown> {
  const kept = keeper(capture);
  let isOver = false;
  try {
    for (;;) {
      const { done, value } = await observer.run(() => stream.next());
      if (done === true) {
        isOver = true;
        observer.done(kept.result());
        return value;
      }
      kept.add(value);
      yield value;
    }
  } catch (error) {
    if (!isOver) observer.failed(error);
    isOver = true;
    throw error;
  } finally {
    // The consumer left early: the app's generator gets its chance to clean up.
    if (!isOver) {
      observer.done(kept.result());
      await observer.run(() => stream.return(undefined));
    }
  }
}

interface Keeper {
  add(item: unknown): void;
  result(): unknown;
}

function keeper(capture: StreamCapture): Keeper {
  switch (capture) {
    case "none":
      return { add: () => {}, result: () => undefined };
    case "last": {
      let last: unknown;
      return { add: (item) => (last = item), result: () => last };
    }
    case "join": {
      let text = "";
      return {
        add(item) {
          if (text.length < MAX_CHARACTERS) text += String(item);
        },
        result: () => text,
      };
    }
    case "list": {
      const items: unknown[] = [];
      return {
        add(item) {
          if (items.length < MAX_ITEMS) items.push(item);
        },
        result: () => items,
      };
    }
  }
}
