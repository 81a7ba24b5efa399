import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const dist = fileURLToPath(new URL("./dist", import.meta.url));

/** Compresses once, here, what the server sends a thousand times. */
function gzipFiles(): Plugin {
  return {
    name: "gzip-files",
    apply: "build",
    closeBundle() {
      for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
        if (!/\.(?:js|css|svg)$/.test(name)) continue;
        const file = join(dist, name);
        writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [react(), gzipFiles()],
  build: {
    outDir: dist,
    emptyOutDir: true,
    target: "es2023",
    manifest: true,
    // Preloading by an inline script would break the content security policy.
    modulePreload: { polyfill: false },
    // A picture inside the style sheet would be a data: address for nothing: all of ours are small files.
    assetsInlineLimit: 0,
  },
});
