/** Environment variables by name, as far as the stores read them. */
export type StoreEnvironment = Readonly<Record<string, string | undefined>>;

/** The vendors' own variables: endpoints, regions and credentials keep the names that their tools use. */
const VENDOR_VARIABLES =
  /^(AWS_|AZURE_(STORAGE|CLIENT|TENANT|FEDERATED|AUTHORITY)_|STORAGE_EMULATOR_HOST$)/;

/** The part of an environment that `openObjectStore` may need. Holds secrets: never logged. */
export function storeEnvironmentOf(environment: StoreEnvironment): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value && VENDOR_VARIABLES.test(name)) found[name] = value;
  }
  return found;
}
