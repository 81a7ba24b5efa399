import { repeatStoreContract } from "@scouter/testkit/contract/repeat-store";
import { describe } from "vitest";
import { MemoryRepeatStore } from "./repeat-store.ts";

describe("MemoryRepeatStore", () => {
  repeatStoreContract(async () => new MemoryRepeatStore());
});
