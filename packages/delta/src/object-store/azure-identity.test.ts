import { systemClock } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { azureAccountOf } from "./azure-identity.ts";

const KEY = Buffer.from("a key").toString("base64");

describe("an Azure account of the environment", () => {
  it.each([
    ["its usual names", { AZURE_STORAGE_ACCOUNT: "lake", AZURE_STORAGE_KEY: KEY }],
    ["its longer names", { AZURE_STORAGE_ACCOUNT_NAME: "lake", AZURE_STORAGE_ACCOUNT_KEY: KEY }],
    [
      "one connection string",
      { AZURE_STORAGE_CONNECTION_STRING: `AccountName=lake;AccountKey=${KEY}` },
    ],
  ])("is read by %s", (_, environment) => {
    const { endpoint } = azureAccountOf(environment, systemClock);
    expect(endpoint).toBe("https://lake.blob.core.windows.net");
  });

  it("is needed", () => {
    expect(() => azureAccountOf({}, systemClock)).toThrow("AZURE_STORAGE_ACCOUNT is not set");
  });
});
