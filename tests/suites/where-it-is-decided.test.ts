import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** The rows of a table of a page, without its head; the cells of each. */
function rowsOf(page: string): string[][] {
  const rows = [...page.matchAll(/^\| (.*) \|$/gm)].map(([, cells = '']) => cells.split(' | '));
  return rows.slice(1);
}

/** A file and the names in it that a cell says. A name may have parts: `policy.number`. */
interface Place {
  readonly shown: string;
  readonly path: string;
  readonly names: readonly string[];
}

function placesOf(cell: string): Place[] {
  return [...cell.matchAll(/\[([^\]]+)\]\(\.\.\/([^)]+)\)((?:,? `[^`]+`)*)/g)].map(
    ([, shown = '', path = '', names = '']) => ({
      shown,
      path,
      names: [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
    }),
  );
}

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');

/** Whether a file declares a name, and has the fields of it that the further parts name. */
function declares(text: string, name: string): boolean {
  const [first = '', ...fields] = name.split('.');
  const declared = new RegExp(`\\b(?:const|function|class|interface|type) ${first}\\b`).exec(text);
  if (!declared) return false;
  const rest = text.slice(declared.index);
  return fields.every((field) => new RegExp(`^\\s+(?:readonly )?${field}: `, 'm').test(rest));
}

/** What a row says that is not so. */
function faultsOf(cell: string): string[] {
  const places = placesOf(cell);
  // Whatever is a link or code belongs to a place.
  const marks = (cell.match(/`[^`]+`|\]\(/g) ?? []).length;
  const understood = places.reduce((sum, { names }) => sum + 1 + names.length, 0);
  const odd = places.length === 0 || marks !== understood ? ['no place can be read'] : [];
  return [...odd, ...places.flatMap(faultsOfPlace)];
}

function faultsOfPlace({ shown, path, names }: Place): string[] {
  if (!existsSync(join(root, path))) return [`no ${path}`];
  const text = withoutComments(read(path));
  const missing = names.filter((name) => !declares(text, name)).map((name) => `no ${name} in ${path}`);
  return [
    ...(shown === path ? [] : [`${shown} leads to ${path}`]),
    ...(names.length === 0 ? [`no name for ${path}`] : missing),
  ];
}

describe('the page that says where things are decided', () => {
  const rows = rowsOf(read('docs/where.md'));

  it('answers at least these', () => {
    const questions = rows.map(([question]) => question).join('\n');
    for (const word of [
      'severity',
      'kept',
      'heat map',
      'role',
      'queue',
      'send again',
      'signature',
      'motion',
      'claim code',
      'Node-RED',
    ])
      expect(questions).toContain(word);
  });

  it.each(rows)('%s', (_question, chinese = '', cell = '') => {
    expect(chinese).toMatch(/[\u4e00-\u9fff]/);
    expect(faultsOf(cell)).toEqual([]);
  });
});

describe('the check finds planted faults', () => {
  const policy = '[alerting/src/risk/policy.ts](../alerting/src/risk/policy.ts)';

  it.each([
    ['[alerting/src/gone.ts](../alerting/src/gone.ts) `trustPolicy`'],
    [`${policy} \`gonePolicy\``],
    [`${policy} \`trustPolicy.gone\``],
    [`${policy} \`trustPolicy\`, \`severityOf\``],
    [`${policy}`],
    ['[policy](../alerting/src/risk/policy.ts) `trustPolicy`'],
    [`${policy} \`trustPolicy\`; somewhere in \`rule-set.ts\``],
    ['somewhere'],
  ])('%s', (cell) => {
    expect(faultsOf(cell)).toHaveLength(1);
  });

  it('and no others', () => {
    expect(faultsOf(`${policy} \`trustPolicy.prior\`, \`defaultRiskPolicy\``)).toEqual([]);
  });
});

describe('the glossary', () => {
  const rows = rowsOf(read('docs/glossary.md'));
  const terms = rows.map(([term = '']) => term);

  it('has its terms in order, each once', () => {
    expect(terms.length).toBeGreaterThan(19);
    expect(terms).toEqual([...new Set(terms)].toSorted());
  });

  it.each(rows)(
    'says %s in Chinese and what it means, in one sentence',
    (_term, chinese = '', meaning = '') => {
      expect(chinese).toMatch(/[\u4e00-\u9fff]/);
      expect(meaning).toMatch(/^[^a-z].*[^.]\.$/);
      expect(meaning).not.toMatch(/\. [A-Z]/);
    },
  );
});
