import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The proof as a page of its own, in one chunk; scripts/single.js then puts everything into one file. */
export default defineConfig({
  plugins: [react()],
  publicDir: false,
  resolve: {
    alias: {
      "@fontsource-variable/inter/wght.css": fileURLToPath(new URL("src/file/nothing.css", import.meta.url)),
    },
  },
  build: {
    outDir: "node_modules/.proof",
    emptyOutDir: true,
    target: "es2023",
    cssCodeSplit: false,
    modulePreload: false,
    assetsInlineLimit: Number.MAX_SAFE_INTEGER,
    chunkSizeWarningLimit: 2_000,
    rolldownOptions: { input: "proof.html", output: { codeSplitting: false } },
  },
});
