import { objectStoreContract } from "@scouter/testkit/contract/object-store";
import { MemoryObjectStore } from "./memory-object-store.ts";

objectStoreContract("MemoryObjectStore", async () => {
  const store = new MemoryObjectStore();
  return { store, other: store, close: async () => {} };
});
