import { describe, expect, it } from "vitest";
import { type StructType, arrayOf, mapOf, nullable, required, structOf } from "./schema.ts";
import { decodeSchema, encodeSchema } from "./schema-json.ts";

describe("a table's schema", () => {
  const schema: StructType = structOf([
    required("trace_id", "string"),
    required("start_time", "timestamp"),
    nullable("partition_date", "date", { comment: "day" }),
    nullable("attributes", mapOf("string", "string")),
    nullable(
      "events",
      arrayOf(structOf([nullable("attributes", mapOf("string", "long", false))]), false),
    ),
    nullable("price", "decimal(10,2)"),
  ]);

  it("survives being written and read", () => {
    expect(decodeSchema(encodeSchema(schema))).toEqual(schema);
  });

  it("has the form that Delta readers know", () => {
    expect(
      JSON.parse(encodeSchema(structOf([nullable("m", mapOf("string", arrayOf("long")))]))),
    ).toEqual({
      type: "struct",
      fields: [
        {
          name: "m",
          type: {
            type: "map",
            keyType: "string",
            valueType: { type: "array", elementType: "long", containsNull: true },
            valueContainsNull: true,
          },
          nullable: true,
          metadata: {},
        },
      ],
    });
  });

  const column = (type: unknown) =>
    JSON.stringify({ type: "struct", fields: [{ name: "c", type, nullable: true, metadata: {} }] });
  it.each([
    ["no JSON", "{", "", "is not JSON"],
    ["no struct", '"long"', "", "is not a struct"],
    ["a type that needs a feature", column("timestamp_ntz"), "c", "'timestamp_ntz'"],
    ["an unknown container", column({ type: "variant" }), "c", "'variant'"],
    ["a field that is null", '{"type":"struct","fields":[null]}', "", "without a name"],
    ["no list of fields", '{"type":"struct"}', "", "no list"],
    ["an array of nothing", column({ type: "array" }), "c[]", "is not a type"],
  ])("is refused with %s", (_name, text, where, reason) => {
    expect(() => decodeSchema(text)).toThrow(`schema at '${where}'`);
    expect(() => decodeSchema(text)).toThrow(reason);
  });

  it.each([
    ["no columns", structOf([])],
    ["an empty name", structOf([nullable("", "long")])],
    ["a name with a space", structOf([nullable("a b", "long")])],
    ["one name twice, case aside", structOf([nullable("a", "long"), nullable("A", "long")])],
    ["a bad name within", structOf([nullable("a", arrayOf(structOf([nullable("b;", "long")])))])],
  ])("is not written with %s", (_name, bad) => {
    expect(() => encodeSchema(bad)).toThrow("schema at");
  });
});
