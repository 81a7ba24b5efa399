import type { ProfileSummary } from "@scouter/contracts";
import { useApiQuery } from "./queries.ts";

interface ProfilePage {
  readonly items: readonly ProfileSummary[];
  readonly next_cursor: string | null;
}

/** Enough for every choice that a person makes by eye. */
const MAX_PROFILES = 1000;

/** Profiles that the person may read, of every kind. */
export function useProfiles() {
  return useApiQuery<readonly ProfileSummary[]>({
    key: ["profiles"],
    load: async ({ api, signal }) => {
      const path = "/scouter/v2/profiles";
      const page = await api.get<ProfilePage>(path, { query: { limit: MAX_PROFILES }, signal });
      return page.items;
    },
  });
}
