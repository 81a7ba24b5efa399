import { z } from "zod";
import type { Json } from "../record/json.ts";

type Variants = Readonly<Record<string, z.ZodObject>>;

/** The union of the variants, told apart by `type`. */
export type Tagged<Set extends Variants> = {
  [Type in keyof Set & string]: { readonly type: Type } & Readonly<z.output<Set[Type]>>;
}[keyof Set & string];

/**
 * Reads the wire's one-key form, `{"SpanCount": {"filter": ...}}`, as `{ type: "SpanCount", filter: ... }`. A variant
 * without fields may also be its bare name. Unknown fields are ignored.
 */
export function tagged<const Set extends Variants>(
  what: string,
  variants: Set,
): z.ZodType<Tagged<Set>, Json> {
  const names = Object.keys(variants).join(", ");
  return z.unknown().transform((given, context): Tagged<Set> => {
    const refuse = (message: string): never => {
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    };
    const form = typeof given === "string" ? { [given]: {} } : given;
    const [name, ...others] = isObject(form) ? Object.keys(form) : [];
    if (name === undefined || others.length > 0) {
      return refuse(`expected an object with one key, the ${what}: ${names}`);
    }
    const schema = Object.hasOwn(variants, name) ? variants[name] : undefined;
    if (schema === undefined) return refuse(`unknown ${what} '${name}': expected ${names}`);
    const fields = schema.safeParse((form as Record<string, unknown>)[name]);
    if (fields.success) return { type: name, ...fields.data } as Tagged<Set>;
    for (const { path, message } of fields.error.issues) {
      context.addIssue({ code: "custom", path: [name, ...path], message });
    }
    return z.NEVER;
  }) as z.ZodType<Tagged<Set>, Json>;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
