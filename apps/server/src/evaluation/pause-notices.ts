import type { Database } from "@scouter/database";
import type { PausableJudgeModels } from "@scouter/evaluate";
import { z } from "zod";

/** Payload: JSON of who was asked for the pause, by which provider, for how long. */
export const PROVIDER_PAUSED_CHANNEL = "scouter_provider_paused";

const notice = z.object({ from: z.string(), provider: z.string(), ms: z.number().min(0) });

export interface PauseNoticesParts {
  readonly database: Pick<Database, "listen" | "sendNotice">;
  /** Unique over processes. */
  readonly processName: string;
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Tells other processes of a pause that a model's provider asked for, and keeps those that they tell of. A notice that is lost
 * costs one call that the provider refuses again.
 */
export class PauseNotices {
  readonly #parts: PauseNoticesParts;
  #end: () => Promise<void> = async () => undefined;

  constructor(parts: PauseNoticesParts) {
    this.#parts = parts;
  }

  /** Not waited for: the call that was refused waits out the pause itself. */
  asked(provider: string, ms: number): void {
    const { database, processName: from, onTrouble } = this.#parts;
    const payload = JSON.stringify({ from, provider, ms });
    database.sendNotice(PROVIDER_PAUSED_CHANNEL, payload).catch(onTrouble);
  }

  async start(models: Pick<PausableJudgeModels, "pause">): Promise<void> {
    const { database, processName, onTrouble } = this.#parts;
    try {
      this.#end = await database.listen(PROVIDER_PAUSED_CHANNEL, (payload) => {
        const told = read(payload);
        if (told !== undefined && told.from !== processName) models.pause(told.provider, told.ms);
      });
    } catch (error) {
      // Each process then learns of the pause by a refusal of its own.
      onTrouble(error);
    }
  }

  async stop(): Promise<void> {
    await this.#end().catch(this.#parts.onTrouble);
  }
}

/** Empty after a lost connection; others may be of another version, or of anybody who may write to the database. */
function read(payload: string): z.infer<typeof notice> | undefined {
  try {
    return notice.safeParse(JSON.parse(payload)).data;
  } catch {
    return undefined; // not JSON
  }
}
