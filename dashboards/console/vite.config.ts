import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** A duty officer opens this over a phone's network too. Bytes before compression; about a third travels. */
const budgetBytes = 480 * 1024;

/** Fails the build when the scripts outgrow the budget, instead of letting them grow unseen. */
function sizeBudget(): Plugin {
  return {
    name: 'size-budget',
    generateBundle(_, bundle) {
      const scripts = Object.values(bundle).filter((file) => file.type === 'chunk');
      const bytes = scripts.reduce((sum, file) => sum + Buffer.byteLength(file.code), 0);
      if (bytes > budgetBytes) this.error(`scripts have ${bytes} bytes, the budget is ${budgetBytes}`);
    },
  };
}

/** `vite build dashboards/console`; `vite dashboards/console` serves it while developing, with the API of a running Watchpost. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react(), sizeBudget()],
  build: { target: 'es2022', outDir: 'dist', emptyOutDir: true, reportCompressedSize: true },
  server: { proxy: { '/api': process.env.WATCHPOST_URL ?? 'http://127.0.0.1:8080' } },
});
