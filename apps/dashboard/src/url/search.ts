import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

/**
 * What the address holds behind `?`: flat texts, so that people can read, change and share it. The named ones stay when
 * the page changes; a page adds its own.
 */
export interface Search {
  /** As `parseTimeRange` reads it. */
  readonly range?: string | undefined;
  /** `on`: figures are fetched anew every few seconds. */
  readonly live?: string | undefined;
  readonly space?: string | undefined;
  readonly service?: string | undefined;
  readonly [own: string]: string | undefined;
}

export const KEPT_ON_NAVIGATION = ["range", "live", "space", "service"] as const;

export function parseSearch(text: string): Search {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const given = Object.entries(search).flatMap(([name, value]) =>
    typeof value === "string" && value !== "" ? [[name, value]] : [],
  );
  // Readable where the standard allows it: ranges and filters hold many of these.
  const text = new URLSearchParams(given).toString().replace(/%3A/g, ":").replace(/%2F/g, "/");
  return text === "" ? "" : `?${text}`;
}

export interface ParameterOptions {
  /** Takes the place of the newest entry of the history: for what changes often, such as a typed filter. */
  readonly replace?: boolean;
}

export function useSearchParameters(): Search {
  const search: Search = useSearch({ strict: false });
  return search;
}

/** Changes some parameters and leaves the others; undefined takes one away. */
export function useSetSearch(): (changes: Search, options?: ParameterOptions) => void {
  const navigate = useNavigate();
  return useCallback(
    (changes, options = {}) => {
      const search = (before: Search) => ({ ...before, ...changes });
      void navigate({
        to: ".",
        search: search as never,
        replace: options.replace ?? false,
        resetScroll: false,
      });
    },
    [navigate],
  );
}

/** One parameter of the address as state: `const [peek, setPeek] = useUrlParameter("peek")`. */
export function useUrlParameter(
  name: string,
  options: ParameterOptions = {},
): readonly [string | undefined, (value: string | undefined) => void] {
  const value = useSearchParameters()[name];
  const setSearch = useSetSearch();
  const replace = options.replace ?? false;
  const set = useCallback(
    (next: string | undefined) => setSearch({ [name]: next }, { replace }),
    [name, replace, setSearch],
  );
  return [value, set];
}
