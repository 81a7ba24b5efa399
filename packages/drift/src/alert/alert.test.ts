import { alertMap, type ComparisonMetricAlert } from "@scouter/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AgentCheck } from "../agent/check-agent.ts";
import type { CustomCheck } from "../custom/check-custom.ts";
import type { PsiCheck } from "../psi/check-psi.ts";
import type { SpcCheck } from "../spc/check-spc.ts";
import { agentAlertRows, customAlertRows, psiAlertRows, spcAlertRows } from "./alert-rows.ts";
import { comparisonDescription, psiDescription, spcDescription } from "./description.ts";
import { plainDecimal } from "./plain-decimal.ts";

describe("numbers in texts", () => {
  it.each([
    [0.35, "0.35"],
    [1, "1"],
    [-2.5, "-2.5"],
    [1e-7, "0.0000001"],
    [-1.25e-9, "-0.00000000125"],
    [1e21, "1000000000000000000000"],
    [1.5e22, "15000000000000000000000"],
    [0, "0"],
  ])("%d is %s", (value, text) => {
    expect(plainDecimal(value)).toBe(text);
  });

  it("read back as the same number, without an exponent", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(plainDecimal(value)) === value).toBe(true);
        expect(plainDecimal(value)).not.toContain("e");
      }),
    );
  });
});

describe("texts of PSI alerts", () => {
  const alerts = [
    { feature: "b", drift: 0.35, threshold: 0.25 },
    { feature: "a", drift: 1, threshold: 0.0042 },
  ];

  it.each([
    ["console", "    ", "        "],
    ["opsgenie", "    ", "        "],
    ["slack", "", "    "],
  ] as const)("on %s", (channel, outer, inner) => {
    const expected = [
      "PSI Drift has been detected for the following features:",
      `${outer}a: `,
      `${inner}Drift Value: Feature 'a' has experienced drift, with a current PSI score of 1 that exceeds the configured threshold of 0.0042.`,
      `${outer}b: `,
      `${inner}Drift Value: Feature 'b' has experienced drift, with a current PSI score of 0.35 that exceeds the configured threshold of 0.25.`,
      "",
    ];
    expect(psiDescription(alerts, channel)).toBe(expected.join("\n"));
  });

  it("are empty without alerts", () => {
    expect([psiDescription([], "slack"), spcDescription([], "console")]).toEqual(["", ""]);
  });
});

describe("texts of control chart alerts", () => {
  const alerts = [
    { feature: "test_feature_2", kind: "Consecutive", zone: "Zone1" },
    { feature: "test_feature_1", kind: "OutOfBounds", zone: "Zone4" },
    { feature: "test_feature_2", kind: "Trend", zone: "NotApplicable" },
  ] as const;
  const indented = [
    "    test_feature_1: ",
    "        Kind: Out of bounds",
    "        Zone: Zone 4",
    "    test_feature_2: ",
    "        Kind: Consecutive",
    "        Zone: Zone 1",
    "        Kind: Trend",
    "        Zone: NA",
    "",
  ];

  it.each([
    ["console", ["Features that have drifted: ", ...indented]],
    ["opsgenie", ["Drift has been detected for the following features:", ...indented]],
    [
      "slack",
      [
        "Drift has been detected for the following features:",
        "test_feature_1: ",
        "    Out of bounds error in Zone 4",
        "test_feature_2: ",
        "    Consecutive error in Zone 1",
        "    Trend error in NA",
        "",
      ],
    ],
  ] as const)("on %s", (channel, expected) => {
    expect(spcDescription(alerts, channel)).toBe(expected.join("\n"));
  });
});

describe("texts of metrics", () => {
  const alert = (
    metric_name: string,
    alert_threshold: ComparisonMetricAlert["alert_threshold"],
    delta: number | null,
  ) => ({ metric_name, baseline_value: 12.5, observed_value: 14, delta, alert_threshold });

  it.each([
    [
      alert("mse", "Above", 1),
      "The mse metric value has increased beyond the threshold (initial value + 1)",
    ],
    [alert("mse", "Above", null), "The mse metric value has increased beyond the initial value"],
    [
      alert("acc", "Below", 0.05),
      "The observed acc metric value has dropped below the threshold (initial value - 0.05)",
    ],
    [
      alert("accuracy", "Below", null),
      "The accuracy metric value has dropped below the initial value",
    ],
    [
      alert("mae", "Outside", 2),
      "The mae metric value has fallen outside the threshold (initial value ± 2)",
    ],
    [
      alert("mae", "Outside", null),
      "The metric value has fallen outside the initial value for mae",
    ],
  ])("%o", (given, header) => {
    const expected = `${header}\nInitial Metric Value: 12.5\nCurrent Metric Value: 14`;
    expect(comparisonDescription(given)).toBe(expected);
  });
});

describe("alert rows", () => {
  const measure = {
    status: "alert" as const,
    psi: 0.5,
    threshold: 0.1,
    rows: 1000,
    bins: 10,
    proportions: {},
    unseen: { rows: 0, share: 0, pValue: null },
    pValue: 0.001,
    adjustedPValue: 0.002,
    calibrated: true,
    reasons: ["distribution" as const],
  };
  const unseen = { rows: 40, share: 0.04, pValue: 1e-9 };
  const psi: PsiCheck = {
    form: "calibrated",
    features: [
      { feature: "a", ...measure },
      { feature: "b", status: "no-data" },
      { feature: "c", ...measure, threshold: null, unseen, reasons: ["unseen-categories"] },
      { feature: "d", ...measure, status: "ok", reasons: [] },
    ],
  };
  const spc: SpcCheck = {
    features: [
      {
        feature: "a",
        status: "alert",
        points: 3,
        mean: 9,
        leftOut: 0,
        codes: [4],
        alerts: [
          { kind: "Consecutive", zone: "Zone1" },
          { kind: "OutOfBounds", zone: "Zone4" },
        ],
      },
    ],
  };
  const condition = { baseline_value: 1, alert_threshold: "Above" as const };
  const figure = { status: "alert" as const, observed: 2, count: 3, condition };
  const custom: CustomCheck = {
    metrics: [
      { metric: "mse", ...figure },
      { metric: "mae", ...figure, status: "ok" },
    ],
  };
  const agent: AgentCheck = { metric: "agent_workflow_metric", ...figure };

  it("hold what the wire has", () => {
    const rows = [
      ...psiAlertRows(psi),
      ...spcAlertRows(spc),
      ...customAlertRows(custom),
      ...agentAlertRows(agent, [
        { metric: "cites", ...figure },
        { metric: "short", ...figure, status: "ok" },
      ]),
    ];
    const comparison = {
      baseline_value: 1,
      observed_value: 2,
      delta: null,
      alert_threshold: "Above",
    };
    expect(rows).toEqual([
      { entityName: "a", key: "a", alert: { Psi: { feature: "a", drift: 0.5, threshold: 0.1 } } },
      {
        entityName: "c",
        key: "c",
        alert: { Psi: { feature: "c", drift: 0.5, threshold: 0, unseen_rows: 40 } },
      },
      {
        entityName: "a",
        key: "a/Zone1/Consecutive",
        alert: { Spc: { feature: "a", kind: "Consecutive", zone: "Zone1" } },
      },
      {
        entityName: "a",
        key: "a/Zone4/OutOfBounds",
        alert: { Spc: { feature: "a", kind: "OutOfBounds", zone: "Zone4" } },
      },
      { entityName: "mse", key: "mse", alert: { Custom: { metric_name: "mse", ...comparison } } },
      {
        entityName: "agent_workflow_metric",
        key: "agent_workflow_metric",
        alert: { Agent: { metric_name: "agent_workflow_metric", ...comparison } },
      },
      {
        entityName: "cites",
        key: "cites",
        alert: { Agent: { metric_name: "cites", ...comparison } },
      },
    ]);
    for (const { alert } of rows) expect(alertMap.parse(alert)).toEqual(alert);
  });
});
