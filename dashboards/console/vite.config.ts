import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type ProxyOptions } from 'vite';

/**
 * A duty officer opens this over a phone's network too. Bytes of the scripts as they travel: those before
 * somebody can work, in the language that has more of them, and those of pages that are loaded when they are
 * opened.
 */
const budgetBytes = { first: 172 * 1024, later: 280 * 1024 };

/** The catalogues of the whole console: one of them is loaded before anything is drawn. */
const isCatalogue = (module: string | null) =>
  module !== null && /[\\/]texts[\\/](?:en|zh-cn)\.ts$/.test(module);

/** Fails the build when the scripts outgrow the budget, instead of letting them grow unseen. */
function sizeBudget(): Plugin {
  return {
    name: 'size-budget',
    generateBundle(_, bundle) {
      const scripts = Object.values(bundle).filter((file) => file.type === 'chunk');
      const sizeOf = (file: (typeof scripts)[number]) => gzipSync(file.code).byteLength;
      const catalogues = scripts.filter((file) => isCatalogue(file.facadeModuleId));
      const first = new Set(scripts.filter((file) => file.isEntry));
      // A set is walked to what is added meanwhile.
      for (const { imports } of first)
        for (const file of scripts) if (imports.includes(file.fileName)) first.add(file);
      // Nobody loads two languages.
      const bytes = { first: Math.max(0, ...catalogues.map(sizeOf)), later: 0 };
      for (const file of scripts)
        if (!catalogues.includes(file)) bytes[first.has(file) ? 'first' : 'later'] += sizeOf(file);
      for (const part of ['first', 'later'] as const)
        if (bytes[part] > budgetBytes[part])
          this.error(`scripts (${part}) travel as ${bytes[part]} bytes, the budget is ${budgetBytes[part]}`);
    },
  };
}

/** Files that are taken over as they are. */
const publicFiles = ['icon.svg', 'offline-worker.js', 'offline.html', 'offline.js', 'offline.css'];

/**
 * Beside each file its compressed forms, so that the server packs nothing twice: brotli where the page is
 * secure, gzip else.
 */
function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    writeBundle({ dir = '' }, bundle) {
      for (const name of [...Object.keys(bundle), ...publicFiles]) {
        const path = join(dir, name);
        if (!/\.(?:js|css|html|svg)$/.test(name)) continue;
        const content = readFileSync(path);
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
        writeFileSync(`${path}.br`, brotliCompressSync(content));
      }
    },
  };
}

/**
 * The API of a running Watchpost, which answers pages of its own address only: so what is asked says that it
 * is one.
 */
function apiOf(address: string): ProxyOptions {
  const { origin } = new URL(address);
  return {
    target: origin,
    changeOrigin: true,
    configure: (proxy) => proxy.on('proxyReq', (request) => request.setHeader('origin', origin)),
  };
}

/**
 * `vite build dashboards/console`; `vite dashboards/console` serves it while developing, with the API of a
 * running Watchpost.
 */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react(), sizeBudget(), precompress()],
  build: { target: 'es2022', outDir: 'dist', emptyOutDir: true, reportCompressedSize: false },
  server: { proxy: { '/api': apiOf(process.env.WATCHPOST_URL ?? 'http://127.0.0.1:8080') } },
});
