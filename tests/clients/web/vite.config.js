import { defineConfig } from "vite";

// The client's assets are addressed relatively, and its worker and WebAssembly stay files.
export default defineConfig({
  base: "./",
  publicDir: "node_modules/hydrogen-view-sdk/lib-build", // sw.js, which must lie beside the page
  build: { target: "esnext", assetsInlineLimit: 0, chunkSizeWarningLimit: 4096 },
});
