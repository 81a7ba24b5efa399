import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Clock,
  type DriftAlert,
  type PsiProfile,
  type ServerRecordInput,
  systemClock,
} from "@scouter/contracts";
import { binAssigner } from "@scouter/drift";
import { httpTransport, ScouterClient, uuidv7 } from "@scouter/sdk";
import { Drifter } from "@scouter/tabular";
import { deliverRecords } from "./observation/deliver-records.ts";
import { featureNames, type WeatherDay } from "./weather/weather-day.ts";
import { readWeather } from "./weather/weather-list.ts";

const CITY = "New York";
const TRAINED_ON = 2013;
/** A year that was unlike 2013, and one that was like it. */
const UNLIKE = 2012;
const LIKE = 2014;
const WATCHED = [...featureNames.filter((name) => name !== "month"), "highest"] as const;
const watched: ReadonlySet<string> = new Set(WATCHED);
/** So that windows come while somebody looks; a service would take an hour or a day. */
const SCHEDULE = "*/2 * * * * *";
const LOOK_MS = 250;

export interface YearToYearOptions {
  /** Address of a Scouter server. */
  readonly baseUrl: string;
  /** When it asks for a login. */
  readonly token?: string | undefined;
  /** Ends the run with the signal's reason; alerts are waited for as long as it takes. */
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock;
  readonly onStep?: (step: string) => void;
}

export interface YearToYearReport {
  readonly profileUid: string;
  /** What the file of the unlike year says without a server, feature by feature. */
  readonly offline: Readonly<Record<string, string>>;
  /** Features that the server alerted about. */
  readonly alerts: readonly string[];
  /** Of the first of them: sentences, and the bins that carry the index with their shares. */
  readonly explanation: readonly string[];
  readonly carriers: readonly { readonly label: string; readonly share: number }[];
  /** Features whose alerts ended when a usual year was served. */
  readonly resolved: readonly string[];
}

/**
 * A profile of one year of New York's weather, made from a file; another year that drifts from it, first in a file and then
 * served; why the server alerts; and the end of its alerts when the weather is as usual again.
 *
 * @throws MODEL_DEMO_*, TABULAR_*, or the SDK's error when the server cannot be reached
 */
export async function yearToYear(options: YearToYearOptions): Promise<YearToYearReport> {
  const { baseUrl, token, signal, clock = systemClock, onStep = () => undefined } = options;
  const login = token === undefined ? {} : { token };
  const client = new ScouterClient({ baseUrl, ...login });
  const folder = await mkdtemp(join(tmpdir(), "scouter-years-"));
  const transport = httpTransport({ baseUrl, ...login });
  try {
    const days = (await readWeather()).filter(({ station }) => station === CITY);
    const yearFile = (year: number) => writeYear(days, year, folder);
    const drifter = new Drifter({ clock });
    const fitted = await drifter.createDriftProfile(
      { file: await yearFile(TRAINED_ON) },
      { kind: "psi", space: "examples", name: "new-york-weather", alert: { schedule: SCHEDULE } },
    );
    const check = await drifter.checkDrift({ file: await yearFile(UNLIKE) }, fitted);
    const offline = Object.fromEntries(check.features.map((one) => [one.feature, one.status]));
    onStep(`the file of ${UNLIKE}: ${JSON.stringify(offline)}`);

    const status = { active: true, deactivateOthers: true };
    const { profile } = await client.registerProfile(fitted, status);
    const { uid } = profile.config;
    const means = { transport, clock, producer: uuidv7(), signal };
    const serve = async (year: number, sequence: number) => {
      onStep(`serving ${year}`);
      const now = new Date(clock.now()).toISOString();
      const served = days.filter((day) => day.year === year);
      await deliverRecords(countsOf(served, profile, now), sequence, means);
    };
    const alertsThat = async (suit: (items: readonly DriftAlert[]) => boolean) => {
      for (;;) {
        signal?.throwIfAborted();
        const { items } = await client.alerts({ uid, limit: 100 });
        // The server's own alerts stand among them: between the years it receives nothing, and says so.
        const ofFeatures = items.filter(({ entity_name: name }) => watched.has(name));
        if (suit(ofFeatures)) return ofFeatures;
        await clock.sleep(LOOK_MS, signal);
      }
    };

    await serve(UNLIKE, 0);
    const opened = await alertsThat((items) => items.length > 0);
    const names = opened.map(({ entity_name: name }) => name).toSorted();
    onStep(`alerts: ${names.join(", ")}`);
    const first = opened.find(({ entity_name: name }) => name === names[0]) as DriftAlert;
    const { sentences, carriers } = await client.explainAlert(first.id);

    await serve(LIKE, 1);
    const ended = await alertsThat((items) => items.every(({ active }) => !active));
    return {
      profileUid: uid,
      offline,
      alerts: names,
      explanation: sentences,
      carriers: carriers.map(({ label, share_of_psi: share }) => ({ label, share })),
      resolved: ended.map(({ entity_name: name }) => name).toSorted(),
    };
  } finally {
    await transport.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A year as a CSV file, as a service would have it from its log. */
async function writeYear(
  days: readonly WeatherDay[],
  year: number,
  folder: string,
): Promise<string> {
  const rows = days
    .filter((day) => day.year === year)
    .map((day) => WATCHED.map((name) => day[name]).join(","));
  const path = join(folder, `${CITY.replace(" ", "-").toLowerCase()}-${year}.csv`);
  await writeFile(path, [WATCHED.join(","), ...rows, ""].join("\n"));
  return path;
}

/** Rows per bin, all at once: one window holds the year. */
function countsOf(
  days: readonly WeatherDay[],
  profile: PsiProfile,
  createdAt: string,
): readonly ServerRecordInput[] {
  const assigner = binAssigner(profile);
  const { uid } = profile.config;
  return WATCHED.flatMap((feature) => {
    const bins = days.map((day) => assigner.assign(feature, day[feature]));
    const known = bins.filter((bin) => bin.kind === "bin" || bin.kind === "unseen");
    return [...Map.groupBy(known, ({ id }) => id)].map(([id, { length }]) => ({
      Psi: { created_at: createdAt, uid, feature, bin_id: id, bin_count: length },
    }));
  });
}
