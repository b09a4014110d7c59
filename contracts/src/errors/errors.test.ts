import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { errorRegistry, retiredErrorCodes, WatchpostError } from '../errors/index.ts';

it('codes are area.what, texts are sentences, and no retired code is in use', () => {
  for (const [code, { summary, action }] of Object.entries(errorRegistry)) {
    expect(code).toMatch(/^[a-z]+\.[a-z0-9_]+$/);
    expect(summary).toMatch(/\.$/);
    expect(action).toMatch(/\.$/);
    expect(retiredErrorCodes).not.toContain(code);
  }
});

it('an error says what, where and why', () => {
  const cause = new Error('inner');
  const error = new WatchpostError('wire.schema', {
    path: '/data/kind',
    details: { expected: 'smoke' },
    cause,
  });
  expect(error.message).toContain('/data/kind');
  expect(error).toMatchObject({
    code: 'wire.schema',
    path: '/data/kind',
    details: { expected: 'smoke' },
    cause,
  });
});

it('no code stands in two families', async () => {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('-errors.ts'));
  const families = await Promise.all(files.map(async (name) => Object.values(await import(`./${name}`))));
  const codes = families.flat().flatMap((family) => Object.keys(family as object));
  expect(codes.toSorted()).toEqual(Object.keys(errorRegistry).toSorted());
});
