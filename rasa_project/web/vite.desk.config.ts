import { defineConfig } from "vite";

export default defineConfig({
  root: "desk",
  base: "./", // the desk server decides where the page lives
  publicDir: false,
  build: {
    outDir: "../static/desk",
    emptyOutDir: true,
    license: { fileName: "licenses.md" }, // what the bundled packages ask to be told with them
    modulePreload: { polyfill: false }, // every browser of the target has it
    target: "es2021",
    rolldownOptions: {
      output: {
        // Names without hashes, so that a rebuild of the same sources changes nothing in git.
        entryFileNames: "assets/[name].js",
        chunkFileNames: "assets/[name].js",
        assetFileNames: "assets/[name][extname]",
      },
    },
  },
});
