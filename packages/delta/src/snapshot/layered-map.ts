/**
 * An immutable map whose next version shares most of its content with this one, so that a commit to a table of ten
 * thousand files does not copy ten thousand entries. Changes pile up in a small overlay, which is copied at each
 * change and folded into the base when it has grown to the square root of the base: O(sqrt n) a change.
 */
export class LayeredMap<V> {
  readonly #base: ReadonlyMap<string, V>;
  readonly #overlay: ReadonlyMap<string, V | undefined>;
  readonly size: number;

  private constructor(
    base: ReadonlyMap<string, V>,
    overlay: ReadonlyMap<string, V | undefined>,
    size: number,
  ) {
    this.#base = base;
    this.#overlay = overlay;
    this.size = size;
  }

  static empty<V>(): LayeredMap<V> {
    return new LayeredMap<V>(new Map(), new Map(), 0);
  }

  get(key: string): V | undefined {
    return this.#overlay.has(key) ? this.#overlay.get(key) : this.#base.get(key);
  }

  *entries(): Generator<[string, V], void> {
    for (const [key, value] of this.#base) if (!this.#overlay.has(key)) yield [key, value];
    for (const [key, value] of this.#overlay) if (value !== undefined) yield [key, value];
  }

  /** The map with each key of `changes` set, or absent where the change is undefined. */
  with(changes: ReadonlyMap<string, V | undefined>): LayeredMap<V> {
    if (changes.size === 0) return this;
    let size = this.size;
    for (const [key, value] of changes) {
      size += Number(value !== undefined) - Number(this.get(key) !== undefined);
    }
    const overlay = new Map([...this.#overlay, ...changes]);
    if (overlay.size <= 64 + 8 * Math.sqrt(this.#base.size)) {
      return new LayeredMap(this.#base, overlay, size);
    }
    const base = new Map(this.#base);
    for (const [key, value] of overlay) {
      if (value === undefined) base.delete(key);
      else base.set(key, value);
    }
    return new LayeredMap(base, new Map(), size);
  }
}
