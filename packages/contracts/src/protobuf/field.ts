import { LENGTH_DELIMITED, MalformedBytes, VARINT, type ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import type { Field, Fields, MessageType, ProtoTypeNumber, ValuesOf } from "./message-shape.ts";

/** A type of single values, from which fields are made. */
interface Kind<Value> {
  readonly wireType: number;
  readonly protoType: ProtoTypeNumber;
  readonly absent: Value;
  isAbsent(value: Value): boolean;
  write(value: Value, writer: ByteWriter): void;
  read(reader: ByteReader): Value;
}

function single<Value>(number: number, kind: Kind<Value>): Field<Value> {
  return {
    number,
    wireType: kind.wireType,
    protoType: kind.protoType,
    repeated: false,
    nested: undefined,
    absent: kind.absent,
    write(value, writer) {
      if (kind.isAbsent(value)) return;
      writer.varint(number * 8 + kind.wireType);
      kind.write(value, writer);
    },
    read: (reader) => kind.read(reader),
  };
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const utf8 = new TextEncoder();

const textKind: Kind<string> = {
  wireType: LENGTH_DELIMITED,
  protoType: 9,
  absent: "",
  isAbsent: (value) => value === "",
  write: (value, writer) => writer.lengthDelimited(utf8.encode(value)),
  read(reader) {
    try {
      return strictUtf8.decode(reader.lengthDelimited());
    } catch (cause) {
      if (cause instanceof MalformedBytes) throw cause;
      throw new MalformedBytes("a text is not UTF-8", { cause });
    }
  },
};

const bytesKind: Kind<Uint8Array> = {
  wireType: LENGTH_DELIMITED,
  protoType: 12,
  absent: new Uint8Array(0),
  isAbsent: (value) => value.length === 0,
  write: (value, writer) => writer.lengthDelimited(value),
  read: (reader) => reader.lengthDelimited(),
};

const boolKind: Kind<boolean> = {
  wireType: VARINT,
  protoType: 8,
  absent: false,
  isAbsent: (value) => !value,
  write: (value, writer) => writer.varint(value ? 1 : 0),
  read: (reader) => reader.varint() !== 0,
};

const numberKind = (protoType: ProtoTypeNumber): Kind<number> => ({
  wireType: VARINT,
  protoType,
  absent: 0,
  isAbsent: (value) => value === 0,
  write: (value, writer) => writer.varint(value),
  read: (reader) => reader.varint(),
});

export const text = (number: number): Field<string> => single(number, textKind);
export const bytes = (number: number): Field<Uint8Array> => single(number, bytesKind);
export const bool = (number: number): Field<boolean> => single(number, boolKind);
/** uint64 from 0 to 2^53 - 1. */
export const uint64 = (number: number): Field<number> => single(number, numberKind(4));
/** int32 from 0 to 2^31 - 1: negative values are not among ours. */
export const int32 = (number: number): Field<number> => single(number, numberKind(5));

/** A message inside the message; undefined when it is absent. */
export function nested<Inner extends Fields>(
  number: number,
  type: MessageType<Inner>,
): Field<ValuesOf<Inner> | undefined> {
  return {
    number,
    wireType: LENGTH_DELIMITED,
    protoType: 11,
    repeated: false,
    nested: type,
    absent: undefined,
    write(value, writer) {
      if (value === undefined) return;
      writer.varint(number * 8 + LENGTH_DELIMITED);
      writer.lengthDelimited(type.encode(value));
    },
    read: (reader) => type.decode(reader.lengthDelimited()),
  };
}

function list<Value>(
  number: number,
  protoType: ProtoTypeNumber,
  one: { toBytes(value: Value): Uint8Array; ofReader(reader: ByteReader): Value },
  type?: MessageType<Fields>,
): Field<readonly Value[]> {
  return {
    number,
    wireType: LENGTH_DELIMITED,
    protoType,
    repeated: true,
    nested: type,
    absent: [],
    write(values, writer) {
      for (const value of values) {
        writer.varint(number * 8 + LENGTH_DELIMITED);
        writer.lengthDelimited(one.toBytes(value));
      }
    },
    read(reader, before) {
      const value = one.ofReader(reader);
      if (before.length === 0) return [value];
      // Begun by this very decoding, so nobody else holds it; a copy for each value would cost the square.
      (before as Value[]).push(value);
      return before;
    },
  };
}

export const repeatedText = (number: number): Field<readonly string[]> =>
  list(number, 9, {
    toBytes: (value) => utf8.encode(value),
    ofReader: (reader) => textKind.read(reader),
  });

export const repeatedBytes = (number: number): Field<readonly Uint8Array[]> =>
  list(number, 12, {
    toBytes: (value: Uint8Array) => value,
    ofReader: (reader) => bytesKind.read(reader),
  });

export const repeatedNested = <Inner extends Fields>(
  number: number,
  type: MessageType<Inner>,
): Field<readonly ValuesOf<Inner>[]> =>
  list(
    number,
    11,
    { toBytes: (value) => type.encode(value), ofReader: (r) => type.decode(r.lengthDelimited()) },
    type,
  );
