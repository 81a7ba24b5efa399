import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ingestLogContract } from "@scouter/testkit/contract/ingest-log";
import { openFileIngestLog } from "./file-ingest-log.ts";
import { type LogFile, type LogFileSystem, nodeFileSystem } from "./log-file-system.ts";

for (const segmentBytes of [undefined, 2_000]) {
  const name = `FileIngestLog with ${segmentBytes ?? "default"} bytes a segment`;
  ingestLogContract(name, async () => {
    const root = await mkdtemp(join(tmpdir(), "file-ingest-log-"));
    const files = new Set<LogFile>();
    return {
      open: (owner, clock) => {
        const fs = trackingFileSystem(files);
        return openFileIngestLog({ root, owner, clock, fs, ...(segmentBytes && { segmentBytes }) });
      },
      // Without appends under way nothing runs on. Only the open files have to go, as with the process.
      abandon: async () => {
        for (const file of files) await file.close();
      },
      close: () => rm(root, { recursive: true }),
    };
  });
}

/** Keeps the files that are open. */
function trackingFileSystem(files: Set<LogFile>): LogFileSystem {
  return {
    ...nodeFileSystem,
    open: async (path, flags) => {
      const file = await nodeFileSystem.open(path, flags);
      const tracked: LogFile = {
        ...file,
        close: async () => {
          if (files.delete(tracked)) await file.close();
        },
      };
      files.add(tracked);
      return tracked;
    },
  };
}
