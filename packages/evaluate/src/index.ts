export type * from "./port/chat-model.ts";
export type * from "./port/span-source.ts";
