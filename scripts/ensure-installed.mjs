import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endGroup, remember, takeInstallLock } from './install-lock.mjs';
import { findNode24, npmOfRuntime, runtimeFolder, runtimeManifest } from './node24.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const lockFolder = join(root, '.installing');
const say = (line) => console.error(line);
const digestOf = (...files) => {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex');
};

/**
 * Two installations, one after the other, each with a marker that is written only when what it was for has
 * been found: the Node and the npm that we run on, by whatever npm is here; then, by these two, everything
 * else. So neither the age of the Node and npm that a machine has, nor how its npm is built, decides what
 * gets installed.
 */
const stages = [
  {
    folder: runtimeFolder,
    marker: join(runtimeFolder, 'node_modules', '.watchpost-installed'),
    wanted: () => digestOf(join(runtimeManifest, 'package-lock.json')),
    announcement: 'Fetching the Node and the npm that Watchpost runs on (about 140 MB, once) …',
    prepare() {
      mkdirSync(runtimeFolder, { recursive: true });
      for (const name of ['package.json', 'package-lock.json'])
        copyFileSync(join(runtimeManifest, name), join(runtimeFolder, name));
    },
    npm: npmOfThisMachine,
    isComplete: () => findNode24() !== undefined && existsSync(npmOfRuntime()),
    incomplete:
      'Watchpost runs on Node 24, and npm has no package of it for this platform. Install Node 24 and try again.',
  },
  {
    folder: root,
    marker: join(root, 'node_modules', '.watchpost-installed'),
    wanted: () => digestOf(join(root, 'package-lock.json')),
    announcement: 'Installing the locked packages (about 1.3 GB, once; a minute or two) …',
    prepare() {},
    npm: () => [findNode24() ?? process.execPath, [npmOfRuntime()]],
    isComplete: nativePartsLoad,
    incomplete:
      'npm left out a native part for this platform (named above). Watchpost cannot run on this machine without it.',
  },
];

const isDone = ({ marker, wanted }) => existsSync(marker) && readFileSync(marker, 'utf8') === wanted();

/** Installs the locked packages unless exactly these are installed already. Says what it does on stderr. */
export async function ensureInstalled() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    say(`Watchpost needs Node 20 or later to start; this is ${process.versions.node}.`);
    process.exit(1);
  }
  if (stages.every(isDone)) return;
  try {
    accessSync(root, constants.W_OK);
  } catch {
    say(
      `The packages are not installed yet, and ${root} cannot be written. Run \`npm start\` once as a user who may write there.`,
    );
    process.exit(1);
  }
  const lock = await takeInstallLock(lockFolder, () =>
    say('Another command is installing the packages; waiting for it …'),
  );
  process.once('exit', lock.release);
  for (const stage of stages) if (!isDone(stage)) await install(stage, lock);
  process.removeListener('exit', lock.release);
  lock.release();
}

async function install(stage, lock) {
  rmSync(stage.marker, { force: true });
  say(stage.announcement);
  const started = performance.now();
  const progress = setInterval(() => {
    say(`  still installing, ${Math.round((performance.now() - started) / 1000)} s …`);
  }, 15_000);
  stage.prepare();
  const code = await run(stage, lock);
  clearInterval(progress);
  if (code !== 0) {
    say('The installation failed: npm’s message above says why.');
    process.exit(1);
  }
  if (!stage.isComplete()) {
    say(stage.incomplete);
    process.exit(1);
  }
  writeFileSync(stage.marker, stage.wanted());
  say(`Installed in ${Math.round((performance.now() - started) / 1000)} s.`);
}

/** Inside `npm start` npm tells where it is; a bare `node scripts/run.mjs` finds it on the path. */
function npmOfThisMachine() {
  const cli = process.env.npm_execpath;
  return cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
}

/**
 * Runs npm in a group of its own, and ends it with us: an installation that goes on alone would write below
 * the next one.
 */
function run({ npm, folder }, lock) {
  const [command, before] = npm();
  const args = [
    ...before,
    'ci',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--loglevel=error',
  ];
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: folder,
      // npm keeps compiled code of its own in the temporary folder, for one run.
      env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' },
      stdio: ['ignore', 2, 2],
      detached: process.platform !== 'win32',
      shell: command === 'npm' && process.platform === 'win32',
    });
    const leader = child.pid ? remember(child.pid) : undefined;
    if (child.pid) lock.notes(child.pid);
    const giveUp = async () => {
      if (leader) await endGroup(leader);
      say('The installation was ended; the next start begins it again.');
      process.exit(130);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, giveUp);
    // npm ends on a signal without telling us: when whoever started us is gone, we end too.
    const parent = process.ppid;
    const orphaned = setInterval(() => process.ppid !== parent && giveUp(), 500);
    child.on('error', (error) => {
      say(`npm cannot be run: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (status) => {
      clearInterval(orphaned);
      for (const signal of signals) process.removeListener(signal, giveUp);
      resolve(status ?? 1);
    });
  });
}

/** Whether what npm leaves out silently, when it takes a platform or a Node for unfit, is there and loads. */
function nativePartsLoad() {
  const check = fileURLToPath(new URL('./native-parts.mjs', import.meta.url));
  return spawnSync(findNode24() ?? process.execPath, [check], { stdio: ['ignore', 2, 2] }).status === 0;
}
