import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `vite build dashboards/console`; `vite dashboards/console` serves it while developing, with the API of a running Watchpost. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  build: { target: 'es2022', outDir: 'dist', emptyOutDir: true, reportCompressedSize: true },
  server: { proxy: { '/api': process.env.WATCHPOST_URL ?? 'http://127.0.0.1:8080' } },
});
