import { z } from "zod";

/**
 * A schema that checks like `schema` and gives back the very value it was given, with the order of its fields and all
 * that the schema does not know. `schema` must neither fill in nor change anything.
 */
export function verbatim<Schema extends z.ZodType>(
  schema: Schema,
): z.ZodType<z.output<Schema>, z.input<Schema>> {
  const checked = z.unknown().transform((value, context) => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return value as z.output<Schema>;
    for (const issue of parsed.error.issues) {
      const { path, message } = issue;
      context.issues.push({ code: "custom", path, message, input: value });
    }
    return z.NEVER;
  });
  return checked as z.ZodType as z.ZodType<z.output<Schema>, z.input<Schema>>;
}
