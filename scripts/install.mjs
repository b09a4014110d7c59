import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const marker = join(root, 'node_modules', '.watchpost-installed');
/** A folder that exists while one process installs; its time is refreshed, so that a killed one is not waited for. */
const lock = join(root, '.installing');
const lockStaleMs = 10_000;

/** Installs the locked packages unless exactly these are installed already. Says what it does on stderr. */
export async function ensureInstalled() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) {
    console.error(`Watchpost needs Node 20 or later to start; this is ${process.versions.node}.`);
    process.exit(1);
  }
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (isInstalled(wanted)) return;
  const release = await takeLock();
  try {
    if (!isInstalled(wanted)) await install(wanted);
  } finally {
    release();
  }
}

const isInstalled = (wanted) => existsSync(marker) && readFileSync(marker, 'utf8') === wanted;

/** Two commands started at once must not install into the same folder. */
async function takeLock() {
  for (let said = false; ; said = true) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const ageMs = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (ageMs > lockStaleMs) rmSync(lock, { recursive: true, force: true });
    else if (!said) console.error('Another command is installing the packages; waiting for it …');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const refresh = setInterval(() => utimesSync(lock, new Date(), new Date()), lockStaleMs / 4);
  return () => {
    clearInterval(refresh);
    rmSync(lock, { recursive: true, force: true });
  };
}

async function install(wanted) {
  rmSync(marker, { force: true });
  console.error('Installing the locked packages (about 1.4 GB, once; a minute or two) …');
  const started = Date.now();
  const progress = setInterval(() => {
    console.error(`  still installing, ${Math.round((Date.now() - started) / 1000)} s …`);
  }, 15_000);
  const code = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  clearInterval(progress);
  if (code !== 0) {
    console.error('The installation failed: see npm’s message above. Is the npm registry reachable?');
    rmSync(lock, { recursive: true, force: true });
    process.exit(1);
  }
  writeFileSync(marker, wanted);
  console.error(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

function npm(args) {
  // Inside `npm start` npm tells where it is; a bare `node scripts/run.mjs` finds it on the path.
  const cli = process.env.npm_execpath;
  const [command, full] = cli?.endsWith('.js') ? [process.execPath, [cli, ...args]] : ['npm', args];
  return new Promise((resolve) => {
    const child = spawn(command, full, {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: command === 'npm' && process.platform === 'win32',
    });
    child.on('error', (error) => {
      console.error(`npm cannot be run: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (status) => resolve(status ?? 1));
  });
}
