import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where `sightline serve` listens while the app is developed. */
const server = process.env.SIGHTLINE_DEV ?? "http://127.0.0.1:8321";

export default defineConfig({
  plugins: [react()],
  // The server puts a fresh nonce in this word's place with every answer (interfaces/rest/pages.py).
  html: { cspNonce: "SIGHTLINE_NONCE" },
  build: {
    outDir: "../src/sightline/interfaces/rest/web",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2023",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // Charts are one part, loaded where there is one; what loads first has its own budget (scripts/budget.js).
    chunkSizeWarningLimit: 600,
  },
  server: { proxy: { "/v1": server, "/openapi.json": server } },
  test: { include: ["src/**/*.test.ts"] },
});
