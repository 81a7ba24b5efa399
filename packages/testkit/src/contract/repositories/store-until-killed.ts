import { systemClock } from "@scouter/contracts";
import { openPglite } from "@scouter/database";
import { recordFor, registerAgent } from "./samples.ts";

const BATCH_SIZE = 5;
/** A process whose killer died ends by itself. */
const MAX_BATCHES = 10_000;

/**
 * For a process that a test kills: says `opening`, opens the folder, then stores small batches and says
 * `stored <uid>,<uid>...` after each acknowledgement, a line each on standard output.
 */
export async function storeUntilKilled(folder: string): Promise<void> {
  process.stdout.write("opening\n");
  const db = await openPglite({ folder, clock: systemClock });
  const { uid: profileUid } = await registerAgent(db);
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    const items = Array.from({ length: BATCH_SIZE }, () => recordFor(profileUid));
    await db.evalRecords.store(items);
    process.stdout.write(`stored ${items.map(({ record }) => record.uid).join(",")}\n`);
  }
  await db.close();
}
