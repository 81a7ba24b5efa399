import type { ServerRecordInput } from "@scouter/contracts";
import { binAssigner } from "@scouter/drift";
import type { TemperatureModel } from "../model/temperature-model.ts";
import { ERROR_METRIC, SAMPLE_SIZE, type TrainingProfiles } from "../profile/training-profiles.ts";
import { featureNames, type WeatherDay } from "../weather/weather-day.ts";

/** One request that the service answered; the day's real temperature became known later. */
export interface ScoredRequest {
  readonly day: WeatherDay;
  readonly prediction: number;
}

export function scored(
  model: TemperatureModel,
  days: readonly WeatherDay[],
): readonly ScoredRequest[] {
  return days.map((day) => ({ day, prediction: model.predict(day) }));
}

/**
 * What the service tells of a batch of requests: rows per bin of every feature, and for every full sample the mean of
 * each charted figure and of the error.
 */
export function observationsOf(
  requests: readonly ScoredRequest[],
  { psi, spc, custom }: TrainingProfiles,
  createdAt: string,
): readonly ServerRecordInput[] {
  const records: ServerRecordInput[] = [];
  const created_at = createdAt;
  for (const [feature, counts] of binCounts(requests, psi)) {
    for (const [bin_id, bin_count] of counts) {
      records.push({ Psi: { created_at, uid: psi.config.uid, feature, bin_id, bin_count } });
    }
  }
  for (const sample of samplesOf(requests)) {
    for (const [feature, value] of chartedMeans(sample)) {
      records.push({ Spc: { created_at, uid: spc.config.uid, feature, value } });
    }
    const value = mean(sample.map(({ day, prediction }) => Math.abs(prediction - day.highest)));
    const { uid } = custom.config;
    records.push({ Custom: { created_at, uid, metric: ERROR_METRIC, value } });
  }
  return records;
}

function binCounts(requests: readonly ScoredRequest[], psi: TrainingProfiles["psi"]) {
  const assigner = binAssigner(psi);
  return featureNames.map((feature) => {
    const counts = new Map<number, number>();
    for (const { day } of requests) {
      const bin = assigner.assign(feature, day[feature]);
      if (bin.kind !== "bin" && bin.kind !== "unseen") continue;
      counts.set(bin.id, (counts.get(bin.id) ?? 0) + 1);
    }
    return [feature, counts] as const;
  });
}

/** Full samples only: the mean of fewer values would vary more than the control limits allow for. */
function samplesOf(requests: readonly ScoredRequest[]): readonly (readonly ScoredRequest[])[] {
  const full = Math.floor(requests.length / SAMPLE_SIZE);
  return Array.from({ length: full }, (_, i) =>
    requests.slice(i * SAMPLE_SIZE, (i + 1) * SAMPLE_SIZE),
  );
}

function chartedMeans(sample: readonly ScoredRequest[]) {
  return [
    ["lowest", mean(sample.map(({ day }) => day.lowest))],
    ["wind", mean(sample.map(({ day }) => day.wind))],
    ["prediction", mean(sample.map(({ prediction }) => prediction))],
  ] as const;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
