export type * from "./object-store/object-store.ts";
