import protobuf from "protobufjs";

const repeated = (type: string, id: number) => ({ rule: "repeated", type, id }) as const;
const oneOf = (type: string, id: number) => ({ type, id }) as const;

/** The messages of an OTLP trace export by field number, in one name space; names are those of OTLP/JSON. */
const OTLP_DESCRIPTOR = {
  nested: {
    ExportTraceServiceRequest: { fields: { resourceSpans: repeated("ResourceSpans", 1) } },
    ResourceSpans: {
      fields: {
        resource: { type: "Resource", id: 1 },
        scopeSpans: repeated("ScopeSpans", 2),
        schemaUrl: { type: "string", id: 3 },
      },
    },
    Resource: {
      fields: {
        attributes: repeated("KeyValue", 1),
        droppedAttributesCount: { type: "uint32", id: 2 },
      },
    },
    ScopeSpans: {
      fields: {
        scope: { type: "InstrumentationScope", id: 1 },
        spans: repeated("Span", 2),
        schemaUrl: { type: "string", id: 3 },
      },
    },
    InstrumentationScope: {
      fields: {
        name: { type: "string", id: 1 },
        version: { type: "string", id: 2 },
        attributes: repeated("KeyValue", 3),
        droppedAttributesCount: { type: "uint32", id: 4 },
      },
    },
    Span: {
      fields: {
        traceId: { type: "bytes", id: 1 },
        spanId: { type: "bytes", id: 2 },
        traceState: { type: "string", id: 3 },
        parentSpanId: { type: "bytes", id: 4 },
        name: { type: "string", id: 5 },
        // An int32 on the wire, as every enum: so numbers that have no name pass through.
        kind: { type: "int32", id: 6 },
        startTimeUnixNano: { type: "fixed64", id: 7 },
        endTimeUnixNano: { type: "fixed64", id: 8 },
        attributes: repeated("KeyValue", 9),
        droppedAttributesCount: { type: "uint32", id: 10 },
        events: repeated("Event", 11),
        droppedEventsCount: { type: "uint32", id: 12 },
        links: repeated("Link", 13),
        droppedLinksCount: { type: "uint32", id: 14 },
        status: { type: "Status", id: 15 },
        flags: { type: "fixed32", id: 16 },
      },
    },
    Event: {
      fields: {
        timeUnixNano: { type: "fixed64", id: 1 },
        name: { type: "string", id: 2 },
        attributes: repeated("KeyValue", 3),
        droppedAttributesCount: { type: "uint32", id: 4 },
      },
    },
    Link: {
      fields: {
        traceId: { type: "bytes", id: 1 },
        spanId: { type: "bytes", id: 2 },
        traceState: { type: "string", id: 3 },
        attributes: repeated("KeyValue", 4),
        droppedAttributesCount: { type: "uint32", id: 5 },
        flags: { type: "fixed32", id: 6 },
      },
    },
    Status: { fields: { message: { type: "string", id: 2 }, code: { type: "int32", id: 3 } } },
    KeyValue: { fields: { key: { type: "string", id: 1 }, value: { type: "AnyValue", id: 2 } } },
    AnyValue: {
      oneofs: {
        value: {
          oneof: [
            "stringValue",
            "boolValue",
            "intValue",
            "doubleValue",
            "arrayValue",
            "kvlistValue",
            "bytesValue",
          ],
        },
      },
      fields: {
        stringValue: oneOf("string", 1),
        boolValue: oneOf("bool", 2),
        intValue: oneOf("int64", 3),
        doubleValue: oneOf("double", 4),
        arrayValue: oneOf("ArrayValue", 5),
        kvlistValue: oneOf("KeyValueList", 6),
        bytesValue: oneOf("bytes", 7),
      },
    },
    ArrayValue: { fields: { values: repeated("AnyValue", 1) } },
    KeyValueList: { fields: { values: repeated("KeyValue", 1) } },
  },
};

const root = protobuf.Root.fromJSON(OTLP_DESCRIPTOR);
root.resolveAll();

export const ExportTraceServiceRequestType = root.lookupType("ExportTraceServiceRequest");
export const SpanType = root.lookupType("Span");
