import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";

/** `FieldDescriptorProto.Type` of the types we use. */
export type ProtoTypeNumber = 4 | 5 | 8 | 9 | 11 | 12;

/** One field of a message: how its value travels, and what it is when it is absent. */
export interface Field<Value> {
  readonly number: number;
  readonly wireType: number;
  readonly protoType: ProtoTypeNumber;
  readonly repeated: boolean;
  /** The type of a nested message; undefined for the others. */
  readonly nested: MessageType<Fields> | undefined;
  readonly absent: Value;
  /** Writes tag and value; nothing for a value that equals the absent one. */
  write(value: Value, writer: ByteWriter): void;
  /** @param before what was read for this field so far: the last value wins, repeated values add up */
  read(reader: ByteReader, before: Value): Value;
}

// oxlint-disable-next-line typescript/no-explicit-any -- each field has a value type of its own; ValuesOf restores them
export type Fields = Readonly<Record<string, Field<any>>>;

export type ValuesOf<Declared extends Fields> = {
  readonly [Name in keyof Declared]: Declared[Name] extends Field<infer Value> ? Value : never;
};

/** A protobuf (proto3) message: its name, its fields, and the way to bytes and back. */
export interface MessageType<Declared extends Fields> {
  /** With its package, e.g. `scouter.grpc.v1.LoginRequest`. */
  readonly name: string;
  readonly fields: Declared;
  /** Fields that are left out count as absent. */
  encode(values: Partial<ValuesOf<Declared>>): Uint8Array;
  /**
   * Unknown fields, and known ones with another wire type, are passed over. Values of `bytes` fields are views of the
   * given bytes.
   *
   * @throws `CONTRACTS_PROTOBUF_INVALID`
   */
  decode(bytes: Uint8Array): ValuesOf<Declared>;
}

export type MessageOf<Type> = Type extends MessageType<infer Declared> ? ValuesOf<Declared> : never;
