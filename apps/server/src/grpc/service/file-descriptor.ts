import {
  int32,
  messageType,
  repeatedNested,
  text,
  type Field,
  type Fields,
  type MessageType,
  type ServiceType,
  type UnaryMethodTypes,
} from "@scouter/contracts/protobuf";

const fieldDescriptor = messageType("google.protobuf.FieldDescriptorProto", {
  name: text(1),
  number: int32(3),
  label: int32(4),
  type: int32(5),
  type_name: text(6),
});
const descriptor = messageType("google.protobuf.DescriptorProto", {
  name: text(1),
  field: repeatedNested(2, fieldDescriptor),
});
const methodDescriptor = messageType("google.protobuf.MethodDescriptorProto", {
  name: text(1),
  input_type: text(2),
  output_type: text(3),
});
const serviceDescriptor = messageType("google.protobuf.ServiceDescriptorProto", {
  name: text(1),
  method: repeatedNested(2, methodDescriptor),
});
const fileDescriptor = messageType("google.protobuf.FileDescriptorProto", {
  name: text(1),
  package: text(2),
  message_type: repeatedNested(4, descriptor),
  service: repeatedNested(6, serviceDescriptor),
  syntax: text(12),
});

/** `FieldDescriptorProto.Label` */
const label = { OPTIONAL: 1, REPEATED: 3 } as const;

/** What a proto file declares, as tools ask for it over reflection. */
export interface DescribedFile {
  readonly name: string;
  /** Full names of services, methods and messages. */
  readonly symbols: ReadonlySet<string>;
  readonly bytes: Uint8Array;
}

/** @param services of one package, with messages of the same package */
export function describedFile(
  name: string,
  packageName: string,
  services: readonly ServiceType<UnaryMethodTypes>[],
): DescribedFile {
  const messages = messagesOf(services);
  const short = (fullName: string) => fullName.slice(packageName.length + 1);
  const bytes = fileDescriptor.encode({
    name,
    package: packageName,
    message_type: [...messages.values()].map((type) => ({
      name: short(type.name),
      field: Object.entries<Field<unknown>>(type.fields).map(([fieldName, field]) => ({
        name: fieldName,
        number: field.number,
        label: field.repeated ? label.REPEATED : label.OPTIONAL,
        type: field.protoType,
        type_name: field.nested === undefined ? "" : `.${field.nested.name}`,
      })),
    })),
    service: services.map((service) => ({
      name: short(service.name),
      method: Object.entries(service.methods).map(([method, { request, reply }]) => ({
        name: method,
        input_type: `.${request.name}`,
        output_type: `.${reply.name}`,
      })),
    })),
    syntax: "proto3",
  });
  const methods = services.flatMap((service) =>
    Object.keys(service.methods).map((method) => `${service.name}.${method}`),
  );
  const symbols = new Set([...messages.keys(), ...methods, ...services.map((each) => each.name)]);
  return { name, symbols, bytes };
}

function messagesOf(
  services: readonly ServiceType<UnaryMethodTypes>[],
): ReadonlyMap<string, MessageType<Fields>> {
  const found = new Map<string, MessageType<Fields>>();
  const add = (type: MessageType<Fields>) => {
    found.set(type.name, type);
    for (const { nested } of Object.values<Field<unknown>>(type.fields)) {
      if (nested !== undefined) add(nested);
    }
  };
  for (const { methods } of services) {
    for (const { request, reply } of Object.values(methods)) {
      add(request);
      add(reply);
    }
  }
  return found;
}
