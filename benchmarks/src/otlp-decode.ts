/** Decoding of OTLP requests to span rows on one core: 100 spans a request, 11 attributes a span. */
import { type DecodedExport, decodeOtlpJson, decodeOtlpProtobuf } from "@scouter/telemetry";
import { exportRequestJson } from "@scouter/testkit/otlp/export-json";
import { exportRequestProtobuf } from "@scouter/testkit/otlp/export-protobuf";
import { typicalExport } from "@scouter/testkit/otlp/typical-export";
import { printFigure, quantile } from "./figure/print-figure.ts";

const SPANS_PER_REQUEST = 100;
const REQUESTS = 200;
const ROUNDS = 15;

/** Requests with different spans, so that no cache sees the same ids and prompts again within a round. */
const requests = Array.from({ length: REQUESTS }, (_, index) =>
  typicalExport({ spanCount: SPANS_PER_REQUEST, firstTrace: 1 + index * SPANS_PER_REQUEST }),
);
const protobuf = requests.map((request) => exportRequestProtobuf(request));
const json = requests.map((request) => Buffer.from(exportRequestJson(request)));

measure("otlp_decode_protobuf_spans_per_s", protobuf, decodeOtlpProtobuf);
measure("otlp_decode_json_spans_per_s", json, decodeOtlpJson);

/** Prints the median round. The first round warms the compiler and is not counted. */
function measure(
  name: string,
  bodies: readonly Uint8Array[],
  decode: (body: Uint8Array) => DecodedExport,
): void {
  const speeds: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const started = performance.now();
    let spans = 0;
    for (const body of bodies) spans += decode(body).spans.length;
    if (round > 0) speeds.push(spans / ((performance.now() - started) / 1000));
  }
  printFigure({
    name,
    value: quantile(speeds, 0.5),
    unit: "spans/s",
    better: "higher",
    target: null,
    samples: speeds.length,
  });
}
