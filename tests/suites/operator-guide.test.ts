import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { addGauges, createMetrics } from '../../alerting/src/health/metrics.ts';
import { allHeld } from '../../alerting/src/leases/leases.ts';
import { readerRole } from '../../alerting/src/store/reader-role.ts';
import { brokerMetrics } from '../../broker/src/operations/broker-metrics.ts';
import { ClaimAudit } from '../../identity/src/claims/claim-audit.ts';
import { DoorAudit } from '../../identity/src/door/door-audit.ts';
import { productFiles } from '../support/product-files.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const guides = ['docs/guides/operator.md', 'docs/guides/operator.zh-CN.md'];
const isShell = (path: string) => /\.(sh|ya?ml)$/.test(path);
const sources = productFiles(root, /\.(tsx?|mjs|cjs|js|sh|ya?ml)$/).map((path) => ({
  path,
  text: withoutComments(path, read(path)),
}));

/** Where metrics are registered; {@link registeredMetrics} builds each of them. */
const registering = [
  'alerting/src/health/metrics.ts',
  'broker/src/operations/broker-metrics.ts',
  'identity/src/claims/claim-audit.ts',
  'identity/src/door/door-audit.ts',
];

/** Variables that the code reads and no operator sets. */
const notForOperators: Readonly<Record<string, string>> = {
  FORCE_COLOR: 'a custom of terminals, handed on to the program behind the launcher',
  WATCHPOST_PARENT: 'tells a process which launcher started it',
  WATCHPOST_URL: 'for developers of the console: where their development server finds the API',
  npm_execpath: 'set by npm',
  npm_lifecycle_event: 'set by npm',
};

function withoutComments(path: string, text: string): string {
  if (isShell(path)) return text.replace(/(^|\s)#.*$/gm, '');
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
}

/** Every metric of every service, as their registries name them: one registry takes no name twice. */
function registeredMetrics(): string[] {
  const none = () => 0;
  const metrics = createMetrics();
  addGauges(metrics, {
    sites: new Map(),
    sitesAway: [],
    streamReaders: none,
    dueTokens: () => ({ soon: 0, ended: 0 }),
    outbox: () => ({ waiting: 0, oldestMs: 0 }),
    leases: () => allHeld.state,
    dueWork: () => ({ behindMs: 0, failures: 0 }),
  });
  brokerMetrics(metrics.registry, {
    connections: none,
    clients: none,
    sessions: none,
    queued: none,
    retainedMessages: none,
    retainedBytes: none,
    revocations: none,
    flooding: none,
    insecureListeners: none,
    clusterUp: none,
  });
  new ClaimAudit(pino({ level: 'silent' }), metrics.registry, none);
  new DoorAudit(pino({ level: 'silent' }), metrics.registry, none);
  return metrics.registry.getMetricsAsArray().map(({ name }) => name);
}
const ofNode = (name: string) => /^(process|nodejs)_/.test(name);
const metrics = registeredMetrics().filter((name) => !ofNode(name));

/**
 * Variables that a file reads: as properties of an environment, by names like those of our settings, as a
 * shell does.
 */
function variablesReadBy(path: string, text: string): string[] {
  const forms = [
    /\b(?:env|environment)\??\.([A-Z][A-Z0-9_]*|npm_\w+)\b(?!\s*=[^=])/g,
    /\b((?:WATCHPOST|BROKER|DATABASE|GRAFANA)_(?:[A-Z0-9]+_)*[A-Z0-9]+)\b/g,
    ...(isShell(path) ? [/\$\{?([A-Z][A-Z0-9_]*)\b/g] : []),
  ];
  return forms.flatMap((form) => [...text.matchAll(form)].map(([, name = '']) => name));
}
const variables = [...new Set(sources.flatMap(({ path, text }) => variablesReadBy(path, text)))];
const settings = variables.filter((name) => !Object.hasOwn(notForOperators, name));

/** What stands in code spans and code blocks of a page. */
const codeOf = (page: string): string => (page.match(/^```[\s\S]*?^```|`[^`\n]+`/gm) ?? []).join('\n');
const metricsNamedIn = (page: string): string[] =>
  (codeOf(page).match(/\bwatchpost_[a-z_]*[a-z]\b/g) ?? []).filter((name) => name !== readerRole);
const variablesNamedIn = (page: string): string[] =>
  codeOf(page).match(/\b[A-Z][A-Z0-9]*(_[A-Z0-9]+)+\b/g) ?? [];
const isNamedIn = (page: string) => (name: string) => new RegExp(`\\b${name}\\b`).test(codeOf(page));

/** Metrics and variables that a guide leaves out, and those that it names and nothing has. */
function differences(page: string) {
  const isNamed = isNamedIn(page);
  return {
    missing: [...metrics, ...settings].filter((name) => !isNamed(name)),
    unknown: [
      ...metricsNamedIn(page).filter((name) => !metrics.includes(name)),
      ...variablesNamedIn(page).filter((name) => !settings.includes(name)),
    ],
  };
}

describe('the guide for operators', () => {
  it.each(guides)('names every metric and every setting, and no other: %s', (guide) => {
    expect(metrics.length).toBeGreaterThan(35);
    expect(settings.length).toBeGreaterThan(20);
    expect(differences(read(guide))).toEqual({ missing: [], unknown: [] });
  });

  it('knows of every registry', () => {
    const found = sources.filter(({ text }) =>
      /\bnew (Counter|Gauge|Histogram|Summary)\b|\bcollectDefaultMetrics\(/.test(text),
    );
    expect(found.map(({ path }) => path).sort()).toEqual(registering);
  });

  it('excuses no variable that is no longer read', () => {
    expect(Object.keys(notForOperators).filter((name) => !variables.includes(name))).toEqual([]);
  });
});

describe('planted', () => {
  it.each(guides)('what is missing and what is too much is found: %s', (guide) => {
    const page = read(guide);
    for (const name of ['watchpost_commit_queue_rows', 'watchpost_broker_cluster_up', 'DATABASE_URL', 'LANG'])
      expect(differences(page.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), 'gone')).missing).toEqual([name]);
    for (const name of ['watchpost_moods_total', 'WATCHPOST_MOOD', 'BROKER_MOOD'])
      expect(differences(`${page}\nset \`${name}\``).unknown).toEqual([name]);
  });

  it.each([
    ['a.ts', 'level: process.env.A_LEVEL ?? 1', ['A_LEVEL']],
    ['a.ts', "port(environment, 'WATCHPOST_PLANTED_PORT', 1)", ['WATCHPOST_PLANTED_PORT']],
    ['a.ts', 'locale = environment.LC_PLANTED || environment?.LANG', ['LC_PLANTED', 'LANG']],
    ['a.sh', 'psql --username "$PLANTED_USER" $PLANTED', ['PLANTED_USER', 'PLANTED']],
    ['a.ts', "process.env.PLANTED = '1'", []],
    ['a.ts', 'environment.includes(name)', []],
  ])('a variable is seen where it is read: %s %s', (path, text, names) => {
    expect(variablesReadBy(path, text)).toEqual(names);
  });

  it('a comment reads nothing', () => {
    expect(withoutComments('a.ts', 'a(); // process.env.A_LEVEL\n/* env.B_LEVEL */')).not.toContain('LEVEL');
    expect(withoutComments('a.sh', 'run # $A_LEVEL')).not.toContain('LEVEL');
  });
});
