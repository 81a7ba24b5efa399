import { readFileSync } from "node:fs";
import fc from "fast-check";
import protobuf from "protobufjs";
import { describe, expect, it } from "vitest";
import type { Field, Fields, MessageType } from "../protobuf/message-shape.ts";
import { authService, evalScenarioService, messageService } from "./index.ts";

// An independent implementation reads the file that users get; our codecs must mean the same.
const file = new URL("../../proto/scouter/grpc/v1/scouter.proto", import.meta.url);
const { root } = protobuf.parse(readFileSync(file, "utf8"), { keepCase: true });
root.resolveAll();

const services = [authService, messageService, evalScenarioService];
const messages = new Map<string, MessageType<Fields>>();
function add(type: MessageType<Fields>): void {
  messages.set(type.name, type);
  for (const field of Object.values<Field<unknown>>(type.fields)) {
    if (field.nested !== undefined) add(field.nested);
  }
}
for (const { methods } of services) {
  for (const { request, reply } of Object.values(methods)) [request, reply].forEach(add);
}

const names: Readonly<Record<number, string>> = {
  4: "uint64",
  8: "bool",
  9: "string",
  12: "bytes",
};

function typesIn(namespace: protobuf.NamespaceBase): protobuf.ReflectionObject[] {
  return namespace.nestedArray.flatMap((object) => [
    object,
    ...(object instanceof protobuf.Namespace ? typesIn(object) : []),
  ]);
}

describe("scouter.proto", () => {
  it("declares the messages that the codecs have, field by field", () => {
    const declared = typesIn(root)
      .filter((object) => object instanceof protobuf.Type)
      .map((type) => [
        type.fullName.slice(1),
        type.fieldsArray.map(({ name, id, type: of, repeated, resolvedType }) => [
          name,
          id,
          resolvedType?.fullName.slice(1) ?? of,
          repeated,
        ]),
      ]);
    const ours = [...messages.values()].map(({ name, fields }) => [
      name,
      Object.entries<Field<unknown>>(fields).map(([fieldName, field]) => [
        fieldName,
        field.number,
        field.nested?.name ?? names[field.protoType],
        field.repeated,
      ]),
    ]);
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(declared));
  });

  it("declares the services and their methods", () => {
    const declared = typesIn(root)
      .filter((object) => object instanceof protobuf.Service)
      .map((service) => [
        service.fullName.slice(1),
        service.methodsArray.map(({ name, requestType, responseType }) => [
          name,
          `scouter.grpc.v1.${requestType}`,
          `scouter.grpc.v1.${responseType}`,
        ]),
      ]);
    const ours = services.map(({ name, methods }) => [
      name,
      Object.entries(methods).map(([method, type]) => [method, type.request.name, type.reply.name]),
    ]);
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(declared));
  });

  it.each([...messages.keys()])("%s: both implementations read each other's bytes", (name) => {
    const ours = messages.get(name);
    const theirs = root.lookupType(name);
    if (ours === undefined) throw new Error("unreachable");
    fc.assert(
      fc.property(valuesOf(ours), (values) => {
        const bytes = ours.encode(values);
        const read = theirs.toObject(theirs.decode(bytes), READ_ALL);
        expect(plain(read)).toEqual(plain(values));
        expect(plain(ours.decode(theirs.encode(theirs.create(values)).finish()))).toEqual(
          plain(values),
        );
        expect(Buffer.from(bytes)).toEqual(
          Buffer.from(theirs.encode(theirs.create(values)).finish()),
        );
      }),
      { numRuns: 50 },
    );
  });
});

const READ_ALL = { defaults: true, arrays: true, longs: Number };

function valuesOf(type: MessageType<Fields>): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(
    Object.fromEntries(
      Object.entries<Field<unknown>>(type.fields).map(([name, field]) => [name, valueOf(field)]),
    ),
  );
}

function valueOf(field: Field<unknown>): fc.Arbitrary<unknown> {
  if (field.nested !== undefined) return fc.array(valuesOf(field.nested), { maxLength: 3 });
  switch (field.protoType) {
    case 4:
      return fc.maxSafeNat();
    case 8:
      return fc.boolean();
    case 12:
      return fc.uint8Array({ maxLength: 300 });
    default:
      return fc.string({ unit: "grapheme", maxLength: 300 });
  }
}

/** Buffers and plain byte arrays alike. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
