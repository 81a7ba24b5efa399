/** Thrown while a line of a commit file is taken apart; the reader adds file and line. */
export class MalformedField extends Error {}

type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Typed access to one action's JSON. Absent and null are the same: engines write either. */
export class JsonFields {
  readonly #name: string;
  readonly #fields: JsonRecord;

  constructor(name: string, value: unknown) {
    if (!isRecord(value)) throw new MalformedField(`${name} is not an object`);
    this.#name = name;
    this.#fields = value;
  }

  text(field: string): string {
    return this.#required(field, this.optionalText(field));
  }

  optionalText(field: string): string | undefined {
    return this.#typed(field, "text", (value) => typeof value === "string") as string | undefined;
  }

  long(field: string): number {
    return this.#required(field, this.optionalLong(field));
  }

  optionalLong(field: string): number | undefined {
    return this.#typed(field, "a whole number below 2^53", Number.isSafeInteger) as
      | number
      | undefined;
  }

  flag(field: string): boolean {
    return this.#required(field, this.optionalFlag(field));
  }

  optionalFlag(field: string): boolean | undefined {
    return this.#typed(field, "true or false", (value) => typeof value === "boolean") as
      | boolean
      | undefined;
  }

  optionalTexts(field: string): readonly string[] | undefined {
    const isTexts = (value: unknown) =>
      Array.isArray(value) && value.every((item) => typeof item === "string");
    return this.#typed(field, "a list of texts", isTexts) as readonly string[] | undefined;
  }

  /** An object whose values are text or, when `allowNull`, null. */
  optionalTextMap(
    field: string,
    allowNull: boolean,
  ): Readonly<Record<string, string | null>> | undefined {
    const isTextMap = (value: unknown) =>
      isRecord(value) &&
      Object.values(value).every(
        (item) => typeof item === "string" || (allowNull && item === null),
      );
    return this.#typed(field, "an object of texts", isTextMap) as
      | Readonly<Record<string, string | null>>
      | undefined;
  }

  optionalObject(field: string): JsonRecord | undefined {
    return this.#typed(field, "an object", isRecord) as JsonRecord | undefined;
  }

  has(field: string): boolean {
    return this.#fields[field] !== undefined && this.#fields[field] !== null;
  }

  #typed(field: string, allowed: string, isAllowed: (value: unknown) => boolean): unknown {
    const value = this.#fields[field];
    if (value === undefined || value === null) return undefined;
    if (!isAllowed(value)) throw new MalformedField(`${this.#name}.${field} is not ${allowed}`);
    return value;
  }

  #required<T>(field: string, value: T | undefined): T {
    if (value === undefined) throw new MalformedField(`${this.#name}.${field} is missing`);
    return value;
  }
}
