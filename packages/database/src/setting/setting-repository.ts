/**
 * Facts about the installation that must never change unseen, for example the lake's id. Keys are at most 200
 * characters.
 */
export interface SettingRepository {
  get(key: string): Promise<string | undefined>;
  /** Stores the value unless the key has one; resolves with the value that is stored then. */
  putIfAbsent(key: string, value: string): Promise<string>;
  put(key: string, value: string): Promise<void>;
}
