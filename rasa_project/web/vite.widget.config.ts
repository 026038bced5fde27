import { gzipSync } from "node:zlib";

import { defineConfig, type Plugin } from "vite";

/** A page that embeds the widget pays for every byte on every visit. */
const GZIP_LIMIT_KB = 40;

/** Prints the gzipped size of the bundle and refuses one over the limit. */
function sizeLimit(): Plugin {
  return {
    name: "attune-size-limit",
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "chunk") continue;
        const kilobytes = gzipSync(file.code, { level: 9 }).length / 1000;
        const line = `${file.fileName}: ${kilobytes.toFixed(1)} kB gzip, limit ${GZIP_LIMIT_KB} kB`;
        if (kilobytes > GZIP_LIMIT_KB) this.error(line);
        console.log(line);
      }
    },
  };
}

export default defineConfig({
  publicDir: false,
  build: {
    outDir: "static",
    emptyOutDir: false, // the desk's pages live in the same folder
    target: "es2021",
    license: { fileName: "attune.licenses.md" }, // what the bundled packages ask to be told with them
    lib: { entry: "widget/main.ts", formats: ["iife"], name: "Attune", fileName: () => "attune.js" },
  },
  plugins: [sizeLimit()],
});
