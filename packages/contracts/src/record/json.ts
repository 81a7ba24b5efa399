/** Any JSON value. Numbers are IEEE doubles; larger integers travel as text where losslessness matters. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}
