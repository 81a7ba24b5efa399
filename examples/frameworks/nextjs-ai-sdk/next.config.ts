import type { NextConfig } from "next";

const config: NextConfig = {
  turbopack: { root: import.meta.dirname },
  // They are found at run time, by name: the bundler leaves them where they are.
  serverExternalPackages: ["@scouter/sdk", "@opentelemetry/sdk-trace", "@opentelemetry/core"],
};
export default config;
