import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { filesBelow } from '../support/files-below.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const skipped = new Set(['node_modules', 'dist', '.git', '.watchpost', '.runtime', 'coverage', 'artifacts']);
const link = /\{@link ([A-Za-z_$][\w$]*)/g;

/** Names in `{@link …}` that the file itself neither declares nor imports. */
function danglingLinks(text: string): string[] {
  const code = text.replace(/\/\*\*[\s\S]*?\*\//g, '');
  return [...text.matchAll(link)]
    .map(([, name = '']) => name)
    .filter((name) => !new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(code));
}

it('every {@link} of a docstring leads to something that its file knows', () => {
  const sources = filesBelow(root, skipped).filter((path) => /\.tsx?$/.test(path));
  const texts = sources.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  expect(texts.filter(({ text }) => text.includes('{@link ')).length).toBeGreaterThan(10);
  const dangling = texts.flatMap(({ path, text }) => danglingLinks(text).map((name) => `${path}: ${name}`));
  expect(dangling).toEqual([]);
});

it('the check finds a link to nothing', () => {
  expect(danglingLinks('/** See {@link gone}. */\nexport const here = 1;')).toEqual(['gone']);
  expect(danglingLinks('/** See {@link here}. */\nexport const here = 1;')).toEqual([]);
});
