import { describe, expect, it } from "vitest";
import { ConnectionQueue } from "./connection-queue.ts";

describe("ConnectionQueue", () => {
  it("serves one at a time, first come first served", async () => {
    const queue = new ConnectionQueue(10);
    const order: string[] = [];
    const use = async (name: string) => {
      await queue.acquire();
      order.push(`${name} in`);
      await Promise.resolve();
      order.push(`${name} out`);
      queue.release();
    };
    await Promise.all([use("a"), use("b"), use("c")]);
    expect(order).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
    await use("later");
    expect(order).toHaveLength(8);
  });

  it("refuses the one too many, and takes others after a release", async () => {
    const queue = new ConnectionQueue(1);
    await queue.acquire();
    const waiting = queue.acquire();
    await expect(queue.acquire()).rejects.toMatchObject({ code: "DATABASE_BUSY", kind: "busy" });
    queue.release();
    await waiting;
    const next = queue.acquire();
    queue.release();
    await next;
  });
});
