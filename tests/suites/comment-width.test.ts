import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { filesBelow } from '../support/files-below.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { lineWidth } = (
  JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8')) as { formatter: { lineWidth: number } }
).formatter;

const notOurs = new Set([
  'node_modules',
  'dist',
  'generated',
  '.git',
  '.watchpost',
  '.runtime',
  'coverage',
  'artifacts',
]);

/**
 * A comment of its own; a table row, a picture in letters and what a tool reads may be as wide as they must.
 */
const isComment = (line: string): boolean => /^\s*(\/\*\*?|\*|\/\/) (?!biome-ignore|\|)/.test(line);
const tooWide = (text: string): number[] =>
  text.split('\n').flatMap((line, index) => (isComment(line) && line.length > lineWidth ? [index + 1] : []));

it('a comment is within the formatter’s width, which the formatter itself does not see to', () => {
  const files = filesBelow(root, notOurs).filter((path) => /\.(ts|tsx|mjs|cjs)$/.test(path));
  expect(files.length).toBeGreaterThan(300);
  const found = files.flatMap((path) =>
    tooWide(readFileSync(join(root, path), 'utf8')).map((line) => `${path}:${line}`),
  );
  expect(found).toEqual([]);
});

it('finds one that is not', () => {
  expect(tooWide(`const a = 1;\n  // ${'long '.repeat(30)}\n/** ${'x'.repeat(200)} */`)).toEqual([2, 3]);
});
