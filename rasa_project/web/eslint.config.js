import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["static/", "shop/", "frameworks/", "node_modules/"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["eslint.config.js"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // Numbers read well in template strings; everything else stays forbidden there.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // Message text is data: it enters the page as text nodes only.
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Use textContent or append nodes." },
        { property: "outerHTML", message: "Use textContent or append nodes." },
        { property: "insertAdjacentHTML", message: "Use append." },
      ],
      eqeqeq: "error",
    },
  },
);
