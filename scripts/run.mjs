#!/usr/bin/env node
// Runs a file of this repository on Node 24 after installing what is missing. Plain JavaScript without imports from
// node_modules, because it must work on a fresh clone with any Node >= 20.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { findNode24 } from './node24.mjs';

const [entry, ...args] = process.argv.slice(2);
if (!entry) {
  console.error('usage: node scripts/run.mjs FILE [ARGUMENTS]');
  process.exit(2);
}

const compileCache = fileURLToPath(new URL('../node_modules/.cache/watchpost-compile', import.meta.url));

await ensureInstalled();
const child = spawn(
  findNode24() ?? process.execPath,
  ['--disable-warning=ExperimentalWarning', entry, ...args],
  {
    stdio: 'inherit',
    // Without the cache every process keeps the compiler that strips types: about 30 MB each.
    env: {
      NODE_COMPILE_CACHE: compileCache,
      // see inference/src/models/telemetry-off.ts
      ORT_DISABLE_TELEMETRY: '1',
      ...process.env,
      FORCE_COLOR: process.env.FORCE_COLOR ?? (process.stdout.isTTY ? '1' : '0'),
    },
  },
);
// A terminal sends Ctrl-C to the whole group; a supervisor may signal only us, so pass it on. The child ends us.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => child.kill(signal));
}
// npm ends on SIGTERM without telling us: when whoever started us is gone, we end too.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) child.kill('SIGTERM');
}, 500).unref();
child.on('error', (error) => {
  console.error(`cannot run ${entry}: ${error.message}`);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
