/** Version of this package; written into profiles as the client that made them. A test compares it with package.json. */
export const SDK_VERSION = "0.1.0";
