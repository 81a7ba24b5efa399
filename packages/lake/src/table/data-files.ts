import { join } from "node:path";
import { systemClock } from "@scouter/contracts";
import {
  type AddFile,
  type ObjectStore,
  openLocalObjectStore,
  openObjectStore,
} from "@scouter/delta";
import { FileCache, type HeldFiles } from "../cache/file-cache.ts";
import { fetchObject } from "../cache/fetch-object.ts";
import { type LakeTrial, storeOnTrial } from "./lake-trial.ts";

/** A lake in a bucket; without one the lake is a local folder. */
export interface RemoteLake {
  /** Such as `s3://bucket/folder`. */
  readonly uri: string;
  /** The vendors' variables for endpoints, regions and credentials. Never logged. */
  readonly environment: Readonly<Record<string, string>>;
  /** How large the local copies of its files may grow together. */
  readonly cacheBytes: number;
}

/** The files of one table: where they are stored, and where the engine reads them. */
export interface DataFiles {
  readonly store: ObjectStore;
  /** Absolute folder in which a held file lies by its path in the table. */
  readonly folder: string;
  /** Moves a finished local file to its place in the table. */
  put(path: string, localPath: string, sizeBytes: number): Promise<void>;
  /** Keeps files of the table in `folder` until released. */
  hold(files: readonly AddFile[]): HeldFiles;
  close(): Promise<void>;
}

/** Where a lake lies. */
export interface DataFilesPlace {
  /** The lake's folder, or this machine's working folder of a lake in a bucket. */
  readonly root: string;
  readonly remote?: RemoteLake | undefined;
  readonly trial?: LakeTrial | undefined;
}

export function openDataFiles(place: DataFilesPlace, table: string): Promise<DataFiles> {
  const { root, remote, trial } = place;
  return remote ? remoteFiles(root, table, remote, trial) : localFiles(join(root, table), trial);
}

const NOTHING_TO_FETCH: HeldFiles = { ready: async () => {}, release: () => {} };

async function localFiles(folder: string, trial: LakeTrial | undefined): Promise<DataFiles> {
  const store = storeOnTrial(await openLocalObjectStore(folder), trial);
  return {
    store,
    folder,
    put: (path, localPath) => store.putFile(path, localPath),
    hold: () => NOTHING_TO_FETCH,
    close: async () => {},
  };
}

async function remoteFiles(
  root: string,
  table: string,
  remote: RemoteLake,
  trial: LakeTrial | undefined,
): Promise<DataFiles> {
  const opened = await openObjectStore(`${remote.uri.replace(/\/+$/, "")}/${table}`, {
    clock: systemClock,
    random: Math.random,
    environment: remote.environment,
  });
  const store = storeOnTrial(opened, trial);
  const cache = await FileCache.open({
    folder: join(root, "files", table),
    capacityBytes: remote.cacheBytes,
    clock: systemClock,
    fetch: (file, path) => fetchObject(store, file, path),
  });
  return {
    store,
    folder: cache.pathOf(""),
    async put(path, localPath, sizeBytes) {
      await store.putFile(path, localPath);
      // What was just written is what is asked for most.
      await cache.admit({ name: path, sizeBytes }, localPath);
    },
    hold: (files) => cache.hold(files.map(({ path, size }) => ({ name: path, sizeBytes: size }))),
    close: () => cache.settled(),
  };
}
