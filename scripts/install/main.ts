import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorLine } from '../../cli/src/error-line.ts';
import { textsFor } from '../../cli/src/texts.ts';
import { WatchpostError } from '../../contracts/src/errors/index.ts';
import { buildTree } from './build-tree.ts';
import { thisPlatform } from './package-files.ts';
import { putInPlace } from './place.ts';
import type { Role } from './roles.ts';

// `main.ts gateway|server|all FOLDER with-flows|without-flows`, from install.mjs, which has looked at them.
const [role, folder = '', flows] = process.argv.slice(2) as [Role, string, string];
const checkout = fileURLToPath(new URL('../../', import.meta.url));
const texts = textsFor(process.env);
const say = (line: string): void => void process.stderr.write(`${line}\n`);
// Who runs the program need not be who installs it.
process.umask(0o022);

/**
 * The Node that runs this, where it is the locked one.
 * @throws WatchpostError `install.platform` on Windows, which has no launcher, and where npm has no package
 *   of Node: what runs us there may need libraries of this machine
 */
function lockedNode(): string {
  const isLocked = process.execPath.startsWith(join(checkout, '.runtime'));
  if (!isLocked || process.platform === 'win32')
    throw new WatchpostError('install.platform', {
      details: { platform: `${process.platform}-${process.arch}` },
    });
  return process.execPath;
}

const giveUp = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => giveUp.abort());

try {
  const node = lockedNode();
  say(texts.installing);
  const place = await putInPlace(folder, checkout, (draft) =>
    buildTree(draft, {
      checkout,
      role,
      withFlows: flows === 'with-flows',
      platform: thisPlatform(),
      node,
      onBuild: () => say(texts.building),
      signal: giveUp.signal,
    }),
  );
  process.stdout.write(`${texts.installed}: ${join(place, 'bin', 'watchpost')}\n`);
} catch (error) {
  if (giveUp.signal.aborted) process.exitCode = 130;
  else {
    say(`${texts.notInstalled}: ${errorLine(error, texts)}`);
    process.exitCode = 2;
  }
}
