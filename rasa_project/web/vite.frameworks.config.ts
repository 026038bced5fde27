import { defineConfig } from "vite";

/** Pages of other people's making that hold the chat; the tests build them where they need them. */
export default defineConfig({
  publicDir: false,
  logLevel: "warn",
  build: {
    minify: false,
    rolldownOptions: {
      input: { react: "frameworks/react.js", vue: "frameworks/vue.js" },
      output: { entryFileNames: "[name].js", chunkFileNames: "[name].js" },
    },
  },
});
