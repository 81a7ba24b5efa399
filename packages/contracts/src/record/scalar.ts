import { z } from "zod";
import type { Json } from "./json.ts";

/** RFC 3339 with any offset. Kept as text; the database reads it. */
export const dateTime = z.iso.datetime({ offset: true, error: "expected an RFC 3339 date-time" });

export const int32 = z.number().int().min(-2_147_483_648).max(2_147_483_647);

/** Any JSON value; the bytes came from JSON.parse, so nothing needs to be checked again. */
export const jsonValue = z.custom<Json>((value) => value !== undefined, "expected a JSON value");

/** Lower-case UUID text as the server issues it; any case is accepted. */
export const uuid = z
  .string()
  .regex(
    /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/,
    "expected a UUID",
  );
