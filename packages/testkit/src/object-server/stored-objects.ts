export interface StoredObject {
  readonly key: string;
  readonly bytes: Buffer;
  /** Whole seconds, as HTTP dates have them. */
  readonly modifiedAt: number;
}

export interface ObjectPage {
  readonly objects: readonly StoredObject[];
  /** Where the next page begins, after this key. */
  readonly next: string | undefined;
}

/** What an object server keeps. */
export class StoredObjects {
  readonly #objects = new Map<string, StoredObject>();

  get(key: string): StoredObject | undefined {
    return this.#objects.get(key);
  }

  put(key: string, bytes: Buffer): void {
    const modifiedAt = Math.floor(Date.now() / 1_000) * 1_000;
    this.#objects.set(key, { key, bytes, modifiedAt });
  }

  /** False when there is one already. */
  putIfAbsent(key: string, bytes: Buffer): boolean {
    if (this.#objects.has(key)) return false;
    this.put(key, bytes);
    return true;
  }

  delete(key: string): boolean {
    return this.#objects.delete(key);
  }

  /** By the bytes of the keys; `isAfter` says which ones come after the start. */
  page(prefix: string, isAfter: (key: Buffer) => boolean, limit: number): ObjectPage {
    const found = [...this.#objects.values()]
      .filter(({ key }) => key.startsWith(prefix) && isAfter(Buffer.from(key)))
      .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
    const objects = found.slice(0, limit);
    return { objects, next: found.length > limit ? objects.at(-1)?.key : undefined };
  }
}

export function isAfterKey(start: string | null | undefined): (key: Buffer) => boolean {
  const bytes = Buffer.from(start ?? "");
  return (key) => !start || Buffer.compare(key, bytes) > 0;
}

/** The asked part of an object by a `Range` header; undefined when it begins past the end. */
export function rangeOf(bytes: Buffer, header: string | undefined): Buffer | undefined {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(header ?? "") ?? [];
  if (from === undefined || to === undefined) return bytes;
  return Number(from) >= bytes.length ? undefined : bytes.subarray(Number(from), Number(to) + 1);
}

export function xmlText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
