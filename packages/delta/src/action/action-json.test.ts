import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Action } from "./action.ts";
import { decodeCommit, encodeCommit } from "./action-json.ts";

const KEY = "t/_delta_log/00000000000000000003.json";
const decode = (text: string) => decodeCommit(KEY, Buffer.from(text));

describe("a commit file", () => {
  const path = fc
    .string({ minLength: 1, maxLength: 20, unit: "binary" })
    .filter((text) => !text.startsWith("/"));
  const long = fc.maxSafeNat();
  const texts = fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { noNullPrototype: true });
  const partitionValues = fc.dictionary(
    fc.string({ minLength: 1 }),
    fc.option(fc.string(), { nil: null }),
    { noNullPrototype: true },
  );
  const optional = { requiredKeys: [] };
  const action: fc.Arbitrary<Action> = fc.oneof(
    fc.record({
      add: fc.record(
        {
          path,
          partitionValues,
          size: long,
          modificationTime: long,
          dataChange: fc.boolean(),
          stats: fc.json(),
          tags: texts,
        },
        { requiredKeys: ["path", "partitionValues", "size", "modificationTime", "dataChange"] },
      ),
    }),
    fc.record({
      remove: fc.record(
        {
          path,
          deletionTimestamp: long,
          dataChange: fc.boolean(),
          extendedFileMetadata: fc.boolean(),
          partitionValues,
          size: long,
        },
        { requiredKeys: ["path", "deletionTimestamp", "dataChange"] },
      ),
    }),
    fc.record({
      txn: fc.record(
        { appId: fc.string(), version: long, lastUpdated: long },
        { requiredKeys: ["appId", "version"] },
      ),
    }),
    fc.record({
      commitInfo: fc.record(
        {
          timestamp: long,
          operation: fc.string(),
          txnId: fc.string(),
          isBlindAppend: fc.boolean(),
        },
        optional,
      ),
    }),
    fc.record({
      metaData: fc.record(
        {
          id: fc.string(),
          name: fc.string(),
          schemaString: fc.string(),
          partitionColumns: fc.array(fc.string()),
          configuration: texts,
        },
        { requiredKeys: ["id", "schemaString", "partitionColumns", "configuration"] },
      ),
    }),
    fc.record({
      protocol: fc.record({ minReaderVersion: long, minWriterVersion: long }),
    }),
  );

  it("gives back the actions it was made from", () => {
    fc.assert(
      fc.property(fc.array(action, { minLength: 1, maxLength: 5 }), (actions) => {
        expect(decodeCommit(KEY, encodeCommit(actions))).toEqual(actions);
      }),
    );
  });

  it("is one JSON object a line, with URL-encoded paths and the format of the files", () => {
    const encoded = encodeCommit([
      {
        add: {
          path: "day=2025-01-31 12:00/ä%#?.parquet",
          partitionValues: { day: "2025-01-31", region: null },
          size: 5,
          modificationTime: 6,
          dataChange: true,
        },
      },
      {
        metaData: { id: "i", schemaString: "{}", partitionColumns: ["day"], configuration: {} },
      },
    ]);
    const lines = Buffer.from(encoded).toString().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[2]).toBe("");
    expect(JSON.parse(lines[0] ?? "")).toEqual({
      add: {
        path: "day=2025-01-31%2012%3A00/%C3%A4%25%23%3F.parquet",
        partitionValues: { day: "2025-01-31", region: null },
        size: 5,
        modificationTime: 6,
        dataChange: true,
      },
    });
    expect(JSON.parse(lines[1] ?? "")).toMatchObject({
      metaData: { format: { provider: "parquet", options: {} } },
    });
  });

  it("may have unknown actions, unknown fields, nulls, blank lines and no newline at the end", () => {
    const text = [
      '{"cdc":{"path":"x"}}',
      "",
      '{"txn":{"appId":"a","version":3,"lastUpdated":null,"unknown":[1]}}',
      '{"remove":{"path":"a%20b","dataChange":false}}',
    ].join("\n");
    expect(decode(text)).toEqual([
      { txn: { appId: "a", version: 3 } },
      { remove: { path: "a b", deletionTimestamp: 0, dataChange: false } },
    ]);
  });

  const add = '{"add":{"path":"a","size":1,"modificationTime":1,"dataChange":true}}';
  const damaged: readonly (readonly [string, string, number, RegExp])[] = [
    ["nothing", "", 1, /empty/],
    ["blank lines only", "\n\n", 1, /empty/],
    ["a line cut short", `${add}\n${add.slice(0, 30)}`, 2, /JSON/],
    ["zeros of a file that was never written", "\0\0\0\0", 1, /JSON/],
    ["a list", "[]", 1, /not an object/],
    ["an action that is no object", '{"add":3}', 1, /add is not an object/],
    ["an add without a path", add.replace("path", "way"), 1, /add.path is missing/],
    ["a size as text", add.replace('"size":1', '"size":"1"'), 1, /add.size is not a whole number/],
    ["a version beyond 2^53", '{"txn":{"appId":"a","version":9007199254740993}}', 1, /txn.version/],
    ["an absolute path", add.replace('"a"', '"s3://bucket/a"'), 1, /not a relative/],
    ["a broken escape", add.replace('"a"', '"a%2"'), 1, /not a relative/],
    [
      "a deletion vector",
      add.replace('{"add":{', '{"add":{"deletionVector":{},'),
      1,
      /deletionVector/,
    ],
    [
      "files of another format",
      '{"metaData":{"id":"i","schemaString":"{}","format":{"provider":"orc"}}}',
      1,
      /'orc'/,
    ],
  ];
  it.each(damaged)("with %s is refused, naming the line", (_name, text, line, reason) => {
    let error: unknown;
    try {
      decode(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({
      code: "DELTA_COMMIT_UNREADABLE",
      message: expect.stringContaining(`'${KEY}' is damaged at line ${line}`),
    });
    expect((error as Error).message).toMatch(reason);
  });
});
