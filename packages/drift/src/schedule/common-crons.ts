/** Schedules that profiles use most, in the wire's spelling. */
export const CommonCrons = {
  Every1Minute: "0 * * * * * *",
  Every5Minutes: "0 0,5,10,15,20,25,30,35,40,45,50,55 * * * * *",
  Every15Minutes: "0 0,15,30,45 * * * * *",
  Every30Minutes: "0 0,30 * * * * *",
  EveryHour: "0 0 * * * *",
  Every6Hours: "0 0 */6 * * *",
  Every12Hours: "0 0 */12 * * *",
  EveryDay: "0 0 0 * * *",
  EveryWeek: "0 0 0 * * SUN",
} as const;
export type CommonCron = keyof typeof CommonCrons;
