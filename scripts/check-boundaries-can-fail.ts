import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// A rule whose paths lead nowhere passes in silence. This breaks rules in a house of a few files and expects
// each to be found.
const root = fileURLToPath(new URL('..', import.meta.url));
const house = mkdtempSync(join(tmpdir(), 'planted-'));

/** What stands in the planted files; the decision imports what acts, and what the platform offers. */
const planted: Readonly<Record<string, string>> = {
  'tsconfig.json': '{}',
  'package.json': '{ "type": "module" }',
  'alerting/src/store/event-store.ts': 'export const rows = 1;\n',
  'alerting/src/risk/rule-set.ts':
    "import { readFileSync } from 'node:fs';\nimport { rows } from '../store/event-store.ts';\nexport const rules = [readFileSync, rows];\n",
  'service/src/index.ts': 'export const service = 1;\n',
  'demo/src/cast.ts': "import { service } from '../../service/src/index.ts';\nexport const cast = service;\n",
  'dashboards/console/src/pages/map/site-map.ts': 'export const map = 1;\n',
  'dashboards/console/src/pages/alerts/risk-sum.ts':
    "import { map } from '../map/site-map.ts';\nexport const sum = map;\n",
};
const expected = [
  'domain-is-pure: alerting/src/risk/rule-set.ts → fs',
  'alerting-decides-without-effects: alerting/src/risk/rule-set.ts → alerting/src/store/event-store.ts',
  'demo-imports-only-what-it-may: demo/src/cast.ts → service/src/index.ts',
  'console-decides-without-effects: dashboards/console/src/pages/alerts/risk-sum.ts → dashboards/console/src/pages/map/site-map.ts',
  'pages-of-the-console-do-not-know-each-other: dashboards/console/src/pages/alerts/risk-sum.ts → dashboards/console/src/pages/map/site-map.ts',
];

try {
  for (const [path, text] of Object.entries(planted)) {
    mkdirSync(dirname(join(house, path)), { recursive: true });
    writeFileSync(join(house, path), text);
  }
  const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const { stdout } = spawnSync(
    process.execPath,
    [cruiser, '--config', join(root, 'dependency-cruiser.cjs'), 'alerting', 'dashboards', 'demo'],
    { cwd: house, encoding: 'utf8', env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' } },
  );
  const missed = expected.filter((violation) => !stdout.includes(violation));
  if (missed.length === 0) console.log('planted faults found');
  else {
    console.log(`not found: ${missed.join('; ')}\n${stdout}`);
    process.exitCode = 1;
  }
} finally {
  rmSync(house, { recursive: true, force: true });
}
