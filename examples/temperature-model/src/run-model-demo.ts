import { type Clock, systemClock } from "@scouter/contracts";
import { httpTransport, ScouterClient, uuidv7, type RegisteredProfile } from "@scouter/sdk";
import {
  meanAbsoluteError,
  trainTemperatureModel,
  type TemperatureModel,
} from "./model/temperature-model.ts";
import { deliverRecords } from "./observation/deliver-records.ts";
import { observationsOf, scored } from "./observation/observe-requests.ts";
import { trainingProfiles, type TrainingProfiles } from "./profile/training-profiles.ts";
import { shuffled } from "./weather/shuffled.ts";
import { featureNames, type Station, type WeatherDay } from "./weather/weather-day.ts";
import { readWeather } from "./weather/weather-list.ts";

export const DEFAULT_MODEL_SEED = 1;
/** Windows of 10 seconds: a demo's audience does not wait for a day. */
export const DEFAULT_SCHEDULE = "*/10 * * * * *";

const TRAINED_AT: Station = "Seattle";
/** Share of the training station's days that the model learns from; its error is measured on the others. */
const TRAINING_SHARE = 0.7;
const REQUESTS_PER_BATCH = 250;

export interface ModelDemoOptions {
  /** Address of a Scouter server. */
  readonly baseUrl: string;
  /** When it asks for a login. */
  readonly token?: string | undefined;
  /** Where the service runs: default New York, where the model was not trained. */
  readonly servedAt?: Station;
  /** Of the order of days, default 1. */
  readonly seed?: number;
  /** Of the three profiles. */
  readonly schedule?: string;
  /** Ends the run between two batches with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: ModelDemoProgress) => void;
  readonly clock?: Clock;
}

export interface ModelDemoProgress {
  readonly scored: number;
  readonly requests: number;
}

/**
 * What was sent. What it means is not said here: whether a feature drifted is for the server to find out from the
 * observations.
 */
export interface ModelDemoReport {
  readonly trainedAt: Station;
  readonly servedAt: Station;
  readonly trainingRows: number;
  readonly requests: number;
  /** Observations sent, all of them acknowledged. */
  readonly observations: number;
  /** Points of every control chart, and values of the metric: each the mean of some requests. */
  readonly samples: number;
  /** Every feature of the model that the distribution profile watches. */
  readonly features: readonly string[];
  /** Degrees Celsius. */
  readonly expectedError: number;
  readonly observedError: number;
  readonly profiles: {
    readonly psi: ProfileName;
    readonly spc: ProfileName;
    readonly custom: ProfileName;
  };
}

export type ProfileName = Pick<RegisteredProfile, "space" | "name" | "version" | "uid">;

/**
 * Trains a model on the weather of one city, registers what was usual there, and serves another city. Resolves when the
 * server has acknowledged every observation.
 *
 * @throws MODEL_DEMO_NOT_DELIVERED, MODEL_DEMO_WEATHER_UNREADABLE, or the SDK's error when the server cannot be reached
 */
export async function runModelDemo(options: ModelDemoOptions): Promise<ModelDemoReport> {
  const { servedAt = "New York", seed = DEFAULT_MODEL_SEED, clock = systemClock } = options;
  options.signal?.throwIfAborted();
  const { model, training, expectedError, requests } = prepare(await readWeather(), {
    servedAt,
    seed,
  });
  const timestamp = new Date(clock.now()).toISOString();
  const schedule = options.schedule ?? DEFAULT_SCHEDULE;
  const profiles = await register(
    trainingProfiles({ training, model, expectedError, schedule, timestamp }),
    options,
  );
  const sent = await serve({ model, requests, profiles }, { ...options, clock });
  return {
    trainedAt: TRAINED_AT,
    servedAt,
    trainingRows: training.length,
    requests: requests.length,
    ...sent,
    features: featureNames,
    expectedError,
    observedError: meanAbsoluteError(model, requests),
    profiles: {
      psi: nameOf(profiles.psi),
      spc: nameOf(profiles.spc),
      custom: nameOf(profiles.custom),
    },
  };
}

export interface PreparedModel {
  readonly model: TemperatureModel;
  readonly training: readonly WeatherDay[];
  readonly expectedError: number;
  readonly requests: readonly WeatherDay[];
}

/** Served where it was trained, the model gets the days that it was not trained on. */
export function prepare(
  days: readonly WeatherDay[],
  { servedAt, seed }: { readonly servedAt: Station; readonly seed: number },
): PreparedModel {
  const at = (station: Station) =>
    shuffled(
      days.filter((day) => day.station === station),
      seed,
    );
  const known = at(TRAINED_AT);
  const border = Math.round(known.length * TRAINING_SHARE);
  const training = known.slice(0, border);
  const unseen = known.slice(border);
  const model = trainTemperatureModel(training);
  const requests = servedAt === TRAINED_AT ? unseen : at(servedAt);
  return { model, training, expectedError: meanAbsoluteError(model, unseen), requests };
}

async function register(
  { psi, spc, custom }: TrainingProfiles,
  { baseUrl, token }: ModelDemoOptions,
): Promise<TrainingProfiles> {
  const client = new ScouterClient({ baseUrl, ...(token === undefined ? {} : { token }) });
  const status = { active: true, deactivateOthers: true };
  return {
    psi: (await client.registerProfile(psi, status)).profile,
    spc: (await client.registerProfile(spc, status)).profile,
    custom: (await client.registerProfile(custom, status)).profile,
  };
}

interface Service {
  readonly model: TemperatureModel;
  readonly requests: readonly WeatherDay[];
  readonly profiles: TrainingProfiles;
}

async function serve(
  { model, requests, profiles }: Service,
  options: ModelDemoOptions & { readonly clock: Clock },
): Promise<Pick<ModelDemoReport, "observations" | "samples">> {
  const { baseUrl, token, signal, clock } = options;
  const transport = httpTransport({ baseUrl, ...(token === undefined ? {} : { token }) });
  const means = { transport, clock, producer: uuidv7(), signal };
  let [observations, samples] = [0, 0];
  try {
    for (let from = 0; from < requests.length; from += REQUESTS_PER_BATCH) {
      signal?.throwIfAborted();
      const batch = scored(model, requests.slice(from, from + REQUESTS_PER_BATCH));
      const now = new Date(clock.now()).toISOString();
      const records = observationsOf(batch, profiles, now);
      await deliverRecords(records, from / REQUESTS_PER_BATCH, means);
      observations += records.length;
      samples += records.filter((record) => "Custom" in record).length;
      options.onProgress?.({ scored: from + batch.length, requests: requests.length });
    }
  } finally {
    await transport.close();
  }
  return { observations, samples };
}

function nameOf({
  config: { space, name, version, uid },
}: TrainingProfiles[keyof TrainingProfiles]) {
  return { space, name, version, uid };
}
