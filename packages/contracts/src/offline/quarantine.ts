import { z } from "zod";

/** A scenario that is shown and not judged, for a while, and who looks after it. */
export const quarantineEntry = z.strictObject({
  scenario: z.string().min(1),
  owner: z.string().min(1),
  /** The last day on which it holds. */
  expires: z.iso.date(),
});

/** A quarantine as a suite keeps it beside its scenarios. */
export const quarantineDocument = z.strictObject({ quarantine: z.array(quarantineEntry) });
