import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isSourceOfServices, servicePackages } from './dev-sources.ts';

// `npm run dev`: the demo site, whose services start anew when a source of theirs changes, and the console
// from Vite’s server, which changes in the open page. Both end together.
const root = fileURLToPath(new URL('..', import.meta.url));
/** Several files are saved together. */
const settleMs = 300;

let ending = false;
let site: ChildProcess | undefined;
let vite: ChildProcess | undefined;
let port = process.env.WATCHPOST_HTTP_PORT;

const say = (line: string): boolean => process.stderr.write(`dev: ${line}\n`);

/**
 * Starts the site; the next start takes the port that this one got, because the console’s server knows it.
 */
function startSite(): void {
  const env = { ...process.env, ...(port === undefined ? {} : { WATCHPOST_HTTP_PORT: port }) };
  const child = spawn(process.execPath, ['cli/src/main.ts', 'start', '--demo', '--json'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  site = child;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const ready = readyLine(line);
    if (!ready) return void process.stdout.write(`${line}\n`);
    port = new URL(ready.console).port;
    say(`user ${ready.user}, password ${ready.password}`);
    vite ??= startConsole(ready.console);
  });
  child.on('exit', (code) => {
    if (site !== child) return;
    site = undefined;
    if (!ending) say(`the site ended with ${code}; it starts again when a source changes`);
  });
}

function readyLine(line: string): { console: string; user: string; password: string } | undefined {
  if (!line.startsWith('{"ready":true')) return undefined;
  return JSON.parse(line) as { console: string; user: string; password: string };
}

function startConsole(address: string): ChildProcess {
  const child = spawn(
    process.execPath,
    [
      'node_modules/vite/bin/vite.js',
      'dashboards/console',
      '--configLoader',
      'native',
      '--clearScreen',
      'false',
    ],
    { cwd: root, env: { ...process.env, WATCHPOST_URL: address }, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  child.on('exit', () => end());
  return child;
}

async function stop(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

let restarting: Promise<void> | undefined;
let timer: NodeJS.Timeout | undefined;
function changed(path: string): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    say(`${path} changed: the site starts anew`);
    restarting = (restarting ?? Promise.resolve()).then(async () => {
      const before = site;
      site = undefined;
      await stop(before);
      if (!ending) startSite();
    });
  }, settleMs);
}

function end(): void {
  if (ending) return;
  ending = true;
  clearTimeout(timer);
  void Promise.all([stop(site), stop(vite), restarting]).then(() => process.exit(0));
}
process.on('SIGINT', end);
process.on('SIGTERM', end);

for (const name of servicePackages) {
  watch(join(root, name), { recursive: true }, (_event, file) => {
    if (file !== null && isSourceOfServices(file)) changed(join(name, file));
  });
}
startSite();
