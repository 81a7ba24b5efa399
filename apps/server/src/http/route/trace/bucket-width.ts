import { type BucketWidth, bucketUnits } from "@scouter/lake";
import { z } from "zod";

const MAX_COUNT = 1_000_000;

/** `hour`, `hours`, `5 minutes`, `1 day` ...: how wide buckets are. */
export const bucketWidth = z.string().transform((text, context): BucketWidth => {
  const [, digits = "1", word = ""] = /^\s*(?:(\d+)\s+)?([a-z]+?)s?\s*$/i.exec(text) ?? [];
  const count = Number(digits);
  const unit = bucketUnits.find((each) => each === word.toLowerCase());
  if (unit === undefined || count < 1 || count > MAX_COUNT) {
    context.addIssue({
      code: "custom",
      message: `'${text.slice(0, 40)}' is no interval: expected one of ${bucketUnits.join(", ")}, with a number from 1 before it or without`,
    });
    return z.NEVER;
  }
  return { unit, count };
});
