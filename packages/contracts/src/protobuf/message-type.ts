import { errors } from "../errors.ts";
import { ByteReader, MalformedBytes } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { Field, Fields, MessageType, ValuesOf } from "./message-shape.ts";

export function messageType<Declared extends Fields>(
  name: string,
  fields: Declared,
): MessageType<Declared> {
  const byNumber = new Map(
    Object.entries(fields).map(([fieldName, field]) => [field.number, { fieldName, field }]),
  );
  const absent = Object.fromEntries(
    Object.entries(fields).map(([fieldName, field]) => [fieldName, field.absent as unknown]),
  );

  const read = (reader: ByteReader, values: Record<string, unknown>) => {
    const tag = reader.varint();
    const number = Math.floor(tag / 8);
    if (number === 0) throw new MalformedBytes("a field has the number 0");
    const known = byNumber.get(number);
    if (known === undefined || known.field.wireType !== tag % 8) return reader.skip(tag % 8);
    const { fieldName, field } = known;
    values[fieldName] = field.read(reader, values[fieldName]) as unknown;
  };

  return {
    name,
    fields,
    encode(values) {
      const writer = new ByteWriter();
      for (const [fieldName, field] of Object.entries<Field<unknown>>(fields)) {
        const value = (values as Record<string, unknown>)[fieldName];
        if (value !== undefined) field.write(value, writer);
      }
      return writer.finish();
    },
    decode(bytes) {
      const values: Record<string, unknown> = { ...absent };
      const reader = new ByteReader(bytes);
      try {
        while (!reader.done) read(reader, values);
      } catch (cause) {
        if (!(cause instanceof MalformedBytes)) throw cause;
        throw errors.CONTRACTS_PROTOBUF_INVALID(
          { message: name, reason: cause.message },
          { cause },
        );
      }
      return values as ValuesOf<Declared>;
    },
  };
}
