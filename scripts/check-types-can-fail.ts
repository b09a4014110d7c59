import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// A type check that sees no files passes in silence. This plants a fault beside the sources and expects it to
// be found.
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(root, 'contracts', 'planted-'));
try {
  writeFileSync(
    join(folder, 'fault.ts'),
    "import { type Alert } from '../src/alert/index.ts';\nexport const fault: Alert['state'] = 'asleep';\n",
  );
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: '../../tsconfig.json', include: ['fault.ts'] }),
  );
  const { stdout } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc6'), '-p', folder],
    { encoding: 'utf8' },
  );
  if (/fault\.ts.*TS2322/.test(stdout)) console.log('planted fault found');
  else process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
