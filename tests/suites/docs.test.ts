import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { disarmRequestSchema, permissions, transitionRequestSchema } from '@watchpost/contracts/api';
import { errorRegistry } from '@watchpost/contracts/errors';
import { deviceSchema } from '@watchpost/contracts/site';
import { parseEvent, parseWith, receiptSchema, telemetryPackSchema } from '@watchpost/contracts/wire';
import { describe, expect, it } from 'vitest';
import { parseBrokerConfig } from '../../broker/src/config.ts';
import { parseEdgeAgentConfig } from '../../edge-agent/src/config.ts';
import { filesBelow } from '../support/files-below.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const thisFile = relative(root, fileURLToPath(import.meta.url));
const skipped = new Set([
  'node_modules',
  'dist',
  '.git',
  '.watchpost',
  '.installing',
  '.runtime',
  'coverage',
  'artifacts',
]);

/** A page of the documentation. */
interface Page {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Without what is installed, built or left by a run. */
const files = filesBelow(root, skipped);
const pages: readonly Page[] = files
  .filter((path) => path.endsWith('.md'))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly workspaces: readonly string[];
};
const sourceOf = /\.(ts|tsx|mjs|js|cjs|json|sh|yaml|yml)$|^\.ci\/run$/;
const code = files
  .filter((path) => sourceOf.test(path) && path !== thisFile && path !== 'package-lock.json')
  .map((path) => readFileSync(join(root, path), 'utf8'))
  .join('\n');

const withoutCode = (text: string): string =>
  text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? '');

/** Targets of links and images of the page itself that do not exist. */
function brokenLinks({ path, text }: Page): string[] {
  // Link texts may be code, so code spans keep their place and lose their content.
  const prose = text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, 'code');
  return linksOf(prose).filter((target) => !existsSync(join(root, dirname(path), decodeURI(target))));
}

function linksOf(prose: string): string[] {
  return matches(prose, /\]\(([^)\s]+)\)/g)
    .filter((target) => !/^([a-z]+:|#)/.test(target))
    .map((target) => target.split('#')[0] ?? '');
}

const commandsOf = (text: string) => matches(text, /npm run (?:--silent )?([\w:-]+)/g);
const unknownCommands = ({ text }: Page): string[] =>
  commandsOf(text).filter((name) => !Object.hasOwn(manifest.scripts, name));

const variablesOf = (text: string) => matches(text, /\b(WATCHPOST_[A-Z_]*[A-Z])\b/g);
const unknownVariables = ({ text }: Page): string[] =>
  variablesOf(text).filter((name) => !new RegExp(`\\b${name}\\b`).test(code));

const areas = new Set(Object.keys(errorRegistry).map((code) => code.split('.')[0]));
const fileEndings = new Set(['ts', 'js', 'mjs', 'json', 'md', 'yaml']);
const rights: readonly string[] = permissions;
/** What stands in backticks, looks like an error code of an area of the registry, and is no right. */
function codesOf(text: string): string[] {
  return matches(text, /`([a-z]+\.[a-z_0-9]+)`/g).filter((name) => {
    const [area = '', rest = ''] = name.split('.');
    return areas.has(area) && !fileEndings.has(rest) && !rights.includes(name);
  });
}
const unknownCodes = ({ text }: Page): string[] =>
  codesOf(text).filter((name) => !Object.hasOwn(errorRegistry, name));

/** The fields of the line that `npm start -- --json` prints, in their order. */
const readyFields = ['ready', 'console', 'api', 'mqtt', 'door', 'flows', 'user', 'password', 'users'];

function checkReady(value: unknown): void {
  const line = value as Readonly<Record<string, unknown>>;
  expect(Object.keys(line)).toEqual(readyFields);
  expect(line.ready).toBe(true);
}

/** A public key where an example leaves it to the reader: a real one could be copied, and then be trusted. */
const someKey = { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43), kid: 'k1' };
const filledIn = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value)
      .replace('"keys":[]', `"keys":[${JSON.stringify(someKey)}]`)
      .replaceAll(/"(x|publicKey)":"…[^"]*"/g, `"$1":"${someKey.x}"`),
  );

/**
 * How an example of each kind is checked; the kind stands in `<!-- example: KIND -->` on the line before it.
 */
const checkExample: Readonly<Record<string, (value: unknown) => unknown>> = {
  event: parseEvent,
  receipt: (value) => parseWith(receiptSchema, value),
  telemetry: (value) => parseWith(telemetryPackSchema, value),
  transition: (value) => parseWith(transitionRequestSchema, value),
  disarm: (value) => parseWith(disarmRequestSchema, value),
  ready: checkReady,
  device: (value) => parseWith(deviceSchema, value),
  // What a device says; integrator-guide.test.ts lets it say so.
  message: (value) => value,
  gateway: (value) => parseEdgeAgentConfig(filledIn(value), Date.now()),
  broker: (value) => parseBrokerConfig(filledIn(value)),
};

function examplesOf(text: string): { readonly kind: string; readonly json: string }[] {
  return [...text.matchAll(/<!-- example: (\S+) -->\n(?:```json\n([\s\S]*?)^```)?/gm)].map((match) => ({
    kind: match[1] ?? '',
    json: match[2] ?? '',
  }));
}

/** Examples that their schema refuses, and JSON that nobody marked as an example. */
function badExamples({ text }: Page): string[] {
  const refused = examplesOf(text).flatMap(({ kind, json }) => {
    const check = checkExample[kind];
    if (!check) return [`no such kind of example: ${kind}`];
    try {
      check(JSON.parse(json));
      return [];
    } catch (error) {
      return [`${kind}: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
  const blocks = matches(text, /^```json\n([\s\S]*?)^```/gm).length;
  const marked = examplesOf(text).filter(({ json }) => json !== '').length;
  return blocks > marked ? [...refused, 'JSON that is not marked as an example'] : refused;
}

/** The headings’ levels in order, and what else both languages of a page must have alike. */
function shapeOf(text: string) {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  return {
    headings: matches(prose, /^(#+) /gm),
    blocks: matches(text, /^```(\w+)?\n/gm),
    tableRows: matches(prose, /^(\|)/gm).length,
    codes: codesOf(text).toSorted(),
    variables: variablesOf(text).toSorted(),
    commands: commandsOf(text).toSorted(),
  };
}

const twinOf = (path: string): string => path.replace(/\.md$/, '.zh-CN.md');
const inBothLanguages = pages.filter(
  ({ path }) =>
    (path === 'README.md' || path.startsWith(`docs${sep}guides${sep}`)) && !path.endsWith('.zh-CN.md'),
);

const checks: Readonly<Record<string, (page: Page) => string[]>> = {
  'links and images lead somewhere': brokenLinks,
  'commands exist': unknownCommands,
  'environment variables are read by the code': unknownVariables,
  'error codes are in the registry': unknownCodes,
  'examples satisfy their schemas': badExamples,
};

describe('the documentation', () => {
  it('is looked at', () => {
    expect(pages.length).toBeGreaterThan(20);
    const all = pages.map(({ text }) => text).join('\n');
    expect(linksOf(withoutCode(all)).length).toBeGreaterThan(50);
    expect(commandsOf(all).length).toBeGreaterThan(5);
    expect(variablesOf(all).length).toBeGreaterThan(30);
    expect(codesOf(all).length).toBeGreaterThan(50);
    expect(new Set(examplesOf(all).map(({ kind }) => kind))).toEqual(new Set(Object.keys(checkExample)));
  });

  describe.each(Object.entries(checks))('%s', (_claim, check) => {
    it.each(pages)('$path', (page) => {
      expect(check(page)).toEqual([]);
    });
  });

  it.each(manifest.workspaces)('describes %s in a README', (workspace) => {
    expect(existsSync(join(root, workspace, 'README.md'))).toBe(true);
  });

  it('has a guide for officers, integrators and operators', () => {
    expect(inBothLanguages.map(({ path }) => path.split(sep).at(-1)).toSorted()).toEqual([
      'README.md',
      'first-site.md',
      'integrator.md',
      'officer.md',
      'operator.md',
      'trust-the-console.md',
    ]);
  });

  it.each(inBothLanguages)('$path says the same in Chinese', ({ path, text }) => {
    const twin = readFileSync(join(root, twinOf(path)), 'utf8');
    expect(shapeOf(twin)).toEqual(shapeOf(text));
    expect((twin.match(/[\u4e00-\u9fff]/g) ?? []).length).toBeGreaterThan(500);
  });
});

describe('the checks find planted faults', () => {
  const planted = (text: string): Page => ({ path: 'docs/planted.md', text });
  const event = examplesOf(pages.find(({ path }) => path.endsWith('integrator.md'))?.text ?? '').find(
    ({ kind }) => kind === 'event',
  );

  it.each([
    [brokenLinks, 'see [it](guides/no-such.md)'],
    [brokenLinks, '![`picture`](images/no-such.png)'],
    [brokenLinks, '[out](../../../no-such/file.md#part)'],
    [unknownCommands, '`npm run no-such`'],
    [unknownCommands, '`npm run --silent nothing:here`'],
    [unknownVariables, 'set `WATCHPOST_NO_SUCH`'],
    [unknownVariables, 'set WATCHPOST_HTTP_POR=1'],
    [unknownCodes, '`wire.no_such`'],
    [unknownCodes, '`api.internals`'],
    [badExamples, '<!-- example: event -->\n```json\n{"specversion":"1.0"}\n```'],
    [badExamples, '<!-- example: event -->\nno block'],
    [badExamples, '<!-- example: ready -->\n```json\n{"ready":true}\n```'],
    [badExamples, '<!-- example: mood -->\n```json\n{}\n```'],
    [badExamples, `\`\`\`json\n${event?.json}\`\`\``],
    [badExamples, '<!-- example: device -->\n```json\n{"kind":"smoke","id":"s1","zone":"hall"}\n```'],
    [badExamples, '<!-- example: gateway -->\n```json\n{"site":"park","gateway":"gw1"}\n```'],
    [badExamples, '<!-- example: broker -->\n```json\n{"port":1883,"listener":[]}\n```'],
    [
      badExamples,
      `<!-- example: event -->\n\`\`\`json\n${event?.json.replace('"smoke" }', '"smoke", "x": 1 }')}\`\`\``,
    ],
  ])('%# %o', (check, text) => {
    expect(check(planted(text))).toHaveLength(1);
  });

  it('a missing heading, row, code or command in one language', () => {
    const page = '# A\n\n## B\n\n| `wire.schema` | `WATCHPOST_DATA` |\n\n`npm run check`\n';
    for (const less of ['## B', '| `wire.schema` | `WATCHPOST_DATA` |', '`npm run check`'])
      expect(shapeOf(page.replace(less, ''))).not.toEqual(shapeOf(page));
  });
});
