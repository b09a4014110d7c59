import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { conformanceTable, statements } from './statements.ts';

const table = new URL('../../../docs/reference/mqtt-conformance.md', import.meta.url);

const here = import.meta.dirname;
const files = [
  ...readdirSync(here).filter((name) => name.endsWith('.test.ts')),
  '../broker-limits.test.ts',
].sort();

/** Titles of the tests by the statements they name, from the source, so that skipped ones do not count. */
function testsByStatement(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of files) {
    const source = readFileSync(`${here}/${file}`, 'utf8');
    for (const [, quoted = ''] of source.matchAll(/'([^'\n]*\[MQTT-[^'\n]*)'/g)) {
      const ids = [...quoted.matchAll(/\[(MQTT-[\d.]+-\d+)\]/g)].map(([, id = '']) => id);
      const title = quoted.replaceAll(/\[MQTT-[\d.]+-\d+\]/g, '').trim();
      for (const id of ids) {
        const line = title === '%s' || title === '' ? file : `${title} (${file})`;
        found.set(id, [...new Set([...(found.get(id) ?? []), line])]);
      }
    }
  }
  return found;
}

const tests = testsByStatement();

test('every statement that a server can break has a test', () => {
  expect(statements.filter(({ id, untested }) => !untested && !tests.has(id)).map(({ id }) => id)).toEqual(
    [],
  );
});

test('tests name only statements that exist', () => {
  const known = new Set(statements.map(({ id }) => id));
  expect(known.size).toBe(statements.length);
  expect([...tests.keys()].filter((id) => !known.has(id))).toEqual([]);
});

test('the reference page is up to date', () => {
  const text = conformanceTable(tests);
  if (process.env.WATCHPOST_WRITE) writeFileSync(table, text);
  expect(readFileSync(table, 'utf8')).toBe(text);
});
