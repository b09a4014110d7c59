import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

/** A console as its build leaves it, in a folder that holds more. */
export interface ConsoleFolder {
  /** With a page, a small and a large script (this one compressed too), and files that are for nobody. */
  readonly folder: string;
  /** Removes it with what lies beside it. */
  remove(): void;
}

/** Makes a console; beside its folder lies `outside.txt`, with the text `outside`. */
export function makeConsoleFolder(): ConsoleFolder {
  const own = mkdtempSync(join(tmpdir(), 'console-'));
  const folder = join(own, 'dist');
  const big = Buffer.from('console.log("watchpost");'.repeat(500));
  const files = {
    'index.html': '<!doctype html><title>console</title>',
    'assets/app.js': 'export {};',
    'assets/big.js': big,
    'assets/big.js.br': brotliCompressSync(big),
    'assets/big.js.gz': gzipSync(big),
    '../outside.txt': 'outside',
    '.built-from': 'digest',
    'assets/app.js.map': '{}',
  };
  mkdirSync(join(folder, 'assets'), { recursive: true });
  for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, path), content);
  return { folder, remove: () => rmSync(own, { recursive: true, force: true }) };
}
