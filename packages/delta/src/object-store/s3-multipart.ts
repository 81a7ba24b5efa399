import type { FileHandle } from "node:fs/promises";
import type { CompletedPart, S3Client } from "@aws-sdk/client-s3";
import type { S3Library, S3Target, Sending } from "./s3-call.ts";

/** Parts under way at a time: each is held in memory. */
const PARALLEL_PARTS = 3;

interface Upload {
  readonly library: S3Library;
  readonly client: S3Client;
  readonly target: S3Target;
  readonly sending: Sending;
}

/**
 * Uploads `sizeBytes` of the file in parts. The object is there when the last request is answered and not before;
 * after a failure the parts are thrown away, as they would be paid for until somebody does.
 */
export async function uploadParts(
  upload: Upload,
  file: FileHandle,
  sizeBytes: number,
  partBytes: number,
): Promise<void> {
  const { library, client, target, sending } = upload;
  const created = await client.send(new library.CreateMultipartUploadCommand(target), sending);
  const UploadId = created.UploadId;
  try {
    const parts: CompletedPart[] = [];
    const count = Math.ceil(sizeBytes / partBytes);
    for (let first = 0; first < count; first += PARALLEL_PARTS) {
      const length = Math.min(PARALLEL_PARTS, count - first);
      const numbers = Array.from({ length }, (_, index) => first + index + 1);
      const sent = await Promise.allSettled(
        numbers.map(async (PartNumber) => {
          const Body = await readPart(file, (PartNumber - 1) * partBytes, partBytes, sizeBytes);
          const part = { ...target, UploadId, PartNumber, Body };
          const { ETag } = await client.send(new library.UploadPartCommand(part), sending);
          return { PartNumber, ETag };
        }),
      );
      for (const result of sent) {
        if (result.status === "rejected") throw result.reason;
        parts.push(result.value);
      }
    }
    const complete = { ...target, UploadId, MultipartUpload: { Parts: parts } };
    await client.send(new library.CompleteMultipartUploadCommand(complete), sending);
  } catch (error) {
    // Without the caller's signal, which may be what ended the upload. A bucket's own rule removes what stays behind.
    const abort = new library.AbortMultipartUploadCommand({ ...target, UploadId });
    await client.send(abort).catch(() => undefined);
    throw error;
  }
}

async function readPart(
  file: FileHandle,
  start: number,
  partBytes: number,
  sizeBytes: number,
): Promise<Uint8Array> {
  const length = Math.min(partBytes, sizeBytes - start);
  const part = new Uint8Array(length);
  for (let filled = 0; filled < length;) {
    const { bytesRead } = await file.read(part, filled, length - filled, start + filled);
    if (bytesRead === 0) throw new Error("the file became shorter while it was uploaded");
    filled += bytesRead;
  }
  return part;
}
