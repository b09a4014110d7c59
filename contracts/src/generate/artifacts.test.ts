import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { artifacts } from './artifacts.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

it('the generated files are what the schemas say now (npm run generate)', () => {
  for (const [path, content] of artifacts()) {
    expect(readFileSync(join(root, path), 'utf8'), path).toBe(content);
  }
});

it('no generated schema is left over from a type that is gone', () => {
  const wanted = [...artifacts().keys()]
    .filter((path) => path.includes('schemas'))
    .map((path) => path.split(/[\\/]/).at(-1));
  expect(readdirSync(join(root, 'contracts', 'generated', 'schemas')).sort()).toEqual(wanted.sort());
});
