/**
 * Writes template/pglite-<version>.tar.gz: an empty data folder of the embedded database, from which first starts are
 * unpacked. Does nothing when it is there. Run it with `node packages/database/scripts/write-template.mjs`.
 */
import { PGlite } from "@electric-sql/pglite";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { INITDB_PARAMETERS, PGLITE_VERSION } from "../src/driver/pglite/initdb-template.ts";

const folder = fileURLToPath(new URL("../template/", import.meta.url));
const file = `${folder}pglite-${PGLITE_VERSION}.tar.gz`;

if (!existsSync(file)) {
  const database = await PGlite.create({ initDbStartParams: [...INITDB_PARAMETERS] });
  const archive = await database.dumpDataDir("gzip");
  await database.close();
  mkdirSync(folder, { recursive: true });
  // Renamed into place: a process that starts meanwhile never reads half of it.
  writeFileSync(`${file}.${process.pid}`, Buffer.from(await archive.arrayBuffer()));
  renameSync(`${file}.${process.pid}`, file);
}
