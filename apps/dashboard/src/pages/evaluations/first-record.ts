const IMPORTS = [
  "agentProfile",
  "assertionTask",
  "evalRecord",
  "httpTransport",
  "ScouterClient",
  "ScouterQueue",
];

/** A program that registers a profile in the space and sends it one record. */
export function firstProfileProgram(baseUrl: string, space: string): string {
  return [
    "// npm install @scouter/sdk",
    `import { ${IMPORTS.slice(0, 3).join(", ")},`,
    `  ${IMPORTS.slice(3).join(", ")} } from "@scouter/sdk";`,
    "",
    `const baseUrl = ${JSON.stringify(baseUrl)};`,
    "const { uid } = await new ScouterClient({ baseUrl }).registerProfile(",
    "  agentProfile({",
    `    space: ${JSON.stringify(space)},`,
    '    name: "answers",',
    "    tasks: [",
    '      assertionTask({ id: "right_answer", contextPath: "answer",',
    '        operator: "Equals", expectedValue: "42" }),',
    "    ],",
    "  }),",
    "  { active: true },",
    ");",
    ...sending("uid"),
  ].join("\n");
}

/** A program that sends one record to a profile that exists. */
export function firstRecordProgram(baseUrl: string, profileUid: string): string {
  return [
    "// npm install @scouter/sdk",
    'import { evalRecord, httpTransport, ScouterQueue } from "@scouter/sdk";',
    "",
    `const baseUrl = ${JSON.stringify(baseUrl)};`,
    ...sending(JSON.stringify(profileUid)),
  ].join("\n");
}

function sending(uid: string): readonly string[] {
  return [
    "const queue = new ScouterQueue({",
    `  profiles: { answers: { uid${uid === "uid" ? "" : `: ${uid}`} } },`,
    "  transport: httpTransport({ baseUrl }),",
    "});",
    'queue.insert("answers", evalRecord({ context: { question: "6 x 7?", answer: "42" } }));',
    "await queue.shutdown();",
  ];
}
