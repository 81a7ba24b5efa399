import type { Span } from "@opentelemetry/api";
import { scouterAttributes } from "../attribute-keys.ts";
import { captureValue, type CaptureLimits } from "./capture-value.ts";

/** Keeps what went into the span's work, as JSON text within limits. Never throws. */
export function setInput(span: Span, value: unknown, limits?: CaptureLimits): void {
  if (span.isRecording()) span.setAttribute(scouterAttributes.input, captureValue(value, limits));
}

/** Keeps what came out of the span's work, as JSON text within limits. Never throws. */
export function setOutput(span: Span, value: unknown, limits?: CaptureLimits): void {
  if (span.isRecording()) span.setAttribute(scouterAttributes.output, captureValue(value, limits));
}
