#!/usr/bin/env node
// Runs a file of this repository on Node 24 after installing what is missing. Plain JavaScript without
// imports from node_modules, because it must work on a fresh clone with any Node >= 20.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { coreLimit } from './core-limit.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { findNode24 } from './node24.mjs';
import { whenStarterIsGone } from './starter.mjs';

const [entry, ...args] = process.argv.slice(2);
if (!entry) {
  console.error('usage: node scripts/run.mjs FILE [ARGUMENTS]');
  process.exit(2);
}

const compileCache = fileURLToPath(new URL('../node_modules/.cache/watchpost-compile', import.meta.url));

// Node would open its inspector; the flag against it is not known to every Node that may run this file.
process.on('SIGUSR1', () => undefined);
// npm ends on SIGTERM without telling us: when whoever started us is gone, we end too.
whenStarterIsGone(() => process.kill(process.pid, 'SIGTERM'));

await ensureInstalled();
const flags = ['--disable-warning=ExperimentalWarning', '--disable-sigusr1'];
// The command mostly waits for its services; a small young generation keeps it some 30 MB smaller.
if (entry.endsWith('cli/src/main.ts')) flags.push('--max-semi-space-size=2');
const [command, ...rest] = coreLimit([findNode24() ?? process.execPath, ...flags, entry, ...args]);
const child = spawn(command, rest, {
  stdio: 'inherit',
  // Without the cache every process keeps the compiler that strips types: about 30 MB each.
  env: {
    NODE_COMPILE_CACHE: compileCache,
    // see inference/src/models/telemetry-off.ts
    ORT_DISABLE_TELEMETRY: '1',
    ...process.env,
    // Whoever starts late would take the reaper of orphans for its parent.
    WATCHPOST_PARENT: String(process.pid),
    FORCE_COLOR: process.env.FORCE_COLOR ?? (process.stdout.isTTY ? '1' : '0'),
  },
});
// A terminal sends Ctrl-C to the whole group; a supervisor may signal only us, so pass it on. The child ends
// us.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => child.kill(signal));
}
child.on('error', (error) => {
  console.error(`cannot run ${entry}: ${error.message}`);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
