import protobuf from "protobufjs";

/**
 * The same message with the fields of every level in descending order of their numbers; repeated fields keep their
 * order among themselves. A sender may write so, and a reader must not notice.
 */
export function withFieldsReversed(bytes: Uint8Array, type: protobuf.Type): Uint8Array {
  const fields = fieldsOf(bytes).map((field) => {
    const nested = type.fieldsById[field.number]?.resolvedType;
    if (!(nested instanceof protobuf.Type)) return field;
    return { ...field, bytes: reversedField(field, nested) };
  });
  const ordered = fields.toSorted((left, right) => right.number - left.number);
  return Uint8Array.from(Buffer.concat(ordered.map((field) => field.bytes)));
}

interface Field {
  readonly number: number;
  /** Tag and value as they stand in the message. */
  readonly bytes: Uint8Array;
}

function fieldsOf(bytes: Uint8Array): Field[] {
  const reader = protobuf.Reader.create(bytes);
  const fields: Field[] = [];
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    reader.skipType(tag & 7);
    fields.push({ number: tag >>> 3, bytes: bytes.subarray(start, reader.pos) });
  }
  return fields;
}

function reversedField(field: Field, nested: protobuf.Type): Uint8Array {
  const reader = protobuf.Reader.create(field.bytes);
  reader.uint32();
  const body = withFieldsReversed(reader.bytes(), nested);
  return protobuf.Writer.create()
    .uint32((field.number << 3) | 2)
    .bytes(body)
    .finish();
}
