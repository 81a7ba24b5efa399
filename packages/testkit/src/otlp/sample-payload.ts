/**
 * A request as an instrumented web shop sends it in OTLP/JSON: a server span with a client span and an agent's span
 * below it, in two scopes, with events, a link, every scalar type of attribute, a list and a map.
 */
export const SAMPLE_PAYLOAD = {
  resourceSpans: [
    {
      resource: {
        attributes: [
          { key: "service.name", value: { stringValue: "web-shop" } },
          { key: "service.version", value: { stringValue: "3.2.1" } },
          { key: "process.pid", value: { intValue: "4711" } },
        ],
        droppedAttributesCount: 0,
      },
      scopeSpans: [
        {
          scope: { name: "shop.http", version: "0.9.0" },
          spans: [
            {
              traceId: "8F0B6A1C2D3E4F50617283940A1B2C3D",
              spanId: "A1B2C3D4E5F60718",
              traceState: "vendor=1",
              flags: 257,
              name: "POST /orders",
              kind: 2,
              startTimeUnixNano: "1767225600000000000",
              endTimeUnixNano: "1767225600250000000",
              attributes: [
                { key: "http.request.method", value: { stringValue: "POST" } },
                { key: "http.response.status_code", value: { intValue: 201 } },
                { key: "shop.total", value: { doubleValue: 49.5 } },
                { key: "shop.gift", value: { boolValue: false } },
                {
                  key: "shop.items",
                  value: {
                    arrayValue: { values: [{ stringValue: "mug" }, { stringValue: "tea" }] },
                  },
                },
                {
                  key: "shop.address",
                  value: {
                    kvlistValue: { values: [{ key: "city", value: { stringValue: "Bergen" } }] },
                  },
                },
                { key: "shop.receipt", value: { bytesValue: "AQID" } },
                { key: "shop.ledger", value: { intValue: "9223372036854775807" } },
                { key: "scouter.tracing.tag.team", value: { stringValue: "orders" } },
                { key: "baggage.customer", value: { stringValue: "gold" } },
              ],
              status: { code: 1 },
            },
            {
              traceId: "8F0B6A1C2D3E4F50617283940A1B2C3D",
              spanId: "00000000000000B2",
              parentSpanId: "A1B2C3D4E5F60718",
              name: "INSERT orders",
              kind: 3,
              startTimeUnixNano: "1767225600050000000",
              endTimeUnixNano: "1767225600090000000",
              events: [
                {
                  timeUnixNano: "1767225600060000000",
                  name: "retry",
                  attributes: [{ key: "attempt", value: { intValue: "2" } }],
                },
              ],
              status: { code: 2, message: "deadlock detected" },
            },
          ],
        },
        {
          scope: { name: "shop.agent" },
          spans: [
            {
              traceId: "8F0B6A1C2D3E4F50617283940A1B2C3D",
              spanId: "00000000000000C3",
              parentSpanId: "A1B2C3D4E5F60718",
              name: "recommend",
              kind: 1,
              startTimeUnixNano: "1767225600100000000",
              endTimeUnixNano: "1767225600200000000",
              attributes: [
                { key: "scouter.tracing.input", value: { stringValue: '{"basket":["mug"]}' } },
                { key: "scouter.tracing.output", value: { stringValue: "try the teapot" } },
              ],
              links: [
                {
                  traceId: "11111111111111111111111111111111",
                  spanId: "2222222222222222",
                  attributes: [{ key: "reason", value: { stringValue: "same basket" } }],
                },
              ],
              events: [
                {
                  timeUnixNano: "1767225600150000000",
                  name: "scouter.queue.event",
                  attributes: [
                    {
                      key: "scouter.queue.record",
                      value: { stringValue: "0197A2B3-C4D5-7E6F-8A9B-0C1D2E3F4A5B" },
                    },
                    {
                      key: "scouter.entity",
                      value: { stringValue: "0197a2b3c4d57e6f8a9b0c1d2e3f4a5c" },
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
    },
  ],
} as const;
