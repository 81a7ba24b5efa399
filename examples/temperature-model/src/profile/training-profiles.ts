import type { CustomProfile, PsiProfile, SpcProfile } from "@scouter/contracts";
import {
  createCustomProfile,
  createPsiProfile,
  createSpcProfile,
  type Table,
} from "@scouter/drift";
import { SDK_VERSION, uuidv7 } from "@scouter/sdk";
import type { TemperatureModel } from "../model/temperature-model.ts";
import { featureNames, type WeatherDay } from "../weather/weather-day.ts";

export const MODEL_SPACE = "examples";
export const MODEL_NAME = "temperature-forecast";
/** Rows whose mean is one point of a control chart, and one value of the metric. */
export const SAMPLE_SIZE = 25;
export const ERROR_METRIC = "mae";
/** Degrees Celsius by which the error may grow before it is an alert. */
const TOLERATED_ERROR_GROWTH = 0.5;

export interface TrainingProfiles {
  readonly psi: PsiProfile;
  readonly spc: SpcProfile;
  readonly custom: CustomProfile;
}

export interface TrainingProfilesInput {
  readonly training: readonly WeatherDay[];
  readonly model: TemperatureModel;
  /** Of days at the training's station that the model was not trained on. */
  readonly expectedError: number;
  readonly schedule: string;
  /** RFC 3339. */
  readonly timestamp: string;
}

/** What was usual when the model was trained: distributions, control limits, and its error. */
export function trainingProfiles(input: TrainingProfilesInput): TrainingProfiles {
  const { training, model, schedule, timestamp } = input;
  const owner = () => ({
    space: MODEL_SPACE,
    name: MODEL_NAME,
    uid: uuidv7(),
    scouterVersion: SDK_VERSION,
  });
  const alert = { schedule };
  const features: Table = Object.fromEntries(
    featureNames.map((name) => [name, training.map((day) => day[name])]),
  ) as Table;
  const predictions = training.map((day) => model.predict(day));
  const charted: Table = {
    lowest: training.map((day) => day.lowest),
    wind: training.map((day) => day.wind),
    prediction: predictions,
  };
  const metric = {
    name: ERROR_METRIC,
    baseline: input.expectedError,
    threshold: "Above",
    delta: TOLERATED_ERROR_GROWTH,
  } as const;
  return {
    psi: createPsiProfile({ ...owner(), table: features, timestamp, alert }).profile,
    spc: createSpcProfile({
      ...owner(),
      table: charted,
      timestamp,
      sampleSize: SAMPLE_SIZE,
      alert,
    }),
    custom: createCustomProfile({
      ...owner(),
      metrics: [metric],
      sampleSize: SAMPLE_SIZE,
      alert,
    }),
  };
}
