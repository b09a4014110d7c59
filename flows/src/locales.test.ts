import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../nodes/${path}`, import.meta.url), 'utf8');

function keys(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => keys(inner, `${path}.${key}`));
}

const catalogue = (language: string): unknown =>
  JSON.parse(read(`locales/${language}/watchpost-alert-in.json`));

test('both languages have the same texts', () => {
  expect(keys(catalogue('zh-CN')).sort()).toEqual(keys(catalogue('en-US')).sort());
});

test('every text that the editor page asks for exists, in Chinese where it is Chinese', () => {
  const known = keys(catalogue('zh-CN')).map((key) => key.slice(1));
  const asked = [...read('watchpost-alert-in.html').matchAll(/(watchpost-alert-in\.[\w.]+)/g)].map(
    ([, key]) => key,
  );
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter((key) => key?.split('.').length === 3 && !known.includes(key))).toEqual([]);
  expect(JSON.stringify(catalogue('zh-CN'))).toMatch(/[一-鿿]/);
});

test('help exists in both languages', () => {
  for (const language of ['zh-CN', 'en-US'])
    expect(read(`locales/${language}/watchpost-alert-in.html`)).toContain(
      'data-help-name="watchpost-alert-in"',
    );
});
