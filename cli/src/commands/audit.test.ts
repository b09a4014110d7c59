import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashOfEntry } from '@watchpost/alerting/governance';
import { afterAll, expect, it } from 'vitest';
import { verifyAuditCommand } from './audit.ts';

const folder = mkdtempSync(join(tmpdir(), 'audit-'));
afterAll(() => rmSync(folder, { recursive: true }));

function lines(count: number): string[] {
  let previous = '0'.repeat(64);
  const entries = Array.from({ length: count }, (_, index) => {
    const entry = {
      ...{ position: index + 1, at: '2026-11-27T08:00:00.000Z', site: null, actor: 'system' as const },
      ...{ action: 'log_in' as const, subject: null, reason: null, outcome: 'done' as const, details: {} },
      previous,
    };
    previous = hashOfEntry(entry);
    return JSON.stringify({ ...entry, hash: previous });
  });
  return [JSON.stringify({ anchor: { position: 0, hash: '0'.repeat(64) } }), ...entries];
}

async function verify(content: readonly string[], head?: string) {
  const file = join(folder, 'log.jsonl');
  writeFileSync(file, content.map((line) => `${line}\n`).join(''));
  let out = '';
  let err = '';
  const code = await verifyAuditCommand(
    file,
    { json: false, lang: 'en', ...(head === undefined ? {} : { head }) },
    {
      environment: {},
      input: (async function* () {})(),
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
    },
  );
  return { code, said: out + err };
}

it('a whole export is whole, and its head is printed', async () => {
  const { code, said } = await verify(lines(3));
  expect(code).toBe(0);
  expect(said).toMatch(/whole: 3 entries, from position 1\n.*3:[0-9a-f]{64}\n/);
});

it.each([
  ['changed', (all: string[]) => all.with(2, (all[2] ?? '').replace('done', 'refused')), 2],
  ['removed', (all: string[]) => all.toSpliced(2, 1), 2],
  ['swapped', (all: string[]) => all.with(2, all[3] ?? '').with(3, all[2] ?? ''), 2],
])('an entry that was %s is named', async (_, attack, position) => {
  const { code, said } = await verify(attack(lines(4)));
  expect(code).toBe(1);
  expect(said).toContain(`broken at position ${position}:`);
});

it('a tail that was cut off is found with a head that was noted', async () => {
  const head = (await verify(lines(4))).said.match(/4:[0-9a-f]{64}/)?.[0];
  expect((await verify(lines(4), head)).code).toBe(0);
  const { code, said } = await verify(lines(3), head);
  expect([code, said]).toEqual([1, expect.stringContaining('position 4: the log does not have')]);
});

it.each([
  [[], '/1'],
  [['no JSON'], '/1'],
  [['{"anchor":{}}'], '/1'],
  [[...lines(1), '{"position":2}'], '/3'],
])('what is no export is said to be none', async (content, line) => {
  const { code, said } = await verify(content);
  expect([code, said]).toEqual([2, expect.stringContaining(`chain.unreadable`)]);
  expect(said).toContain(line);
});

it('a head is a position and a hash', async () => {
  expect((await verify(lines(1), '1:abc')).code).toBe(2);
});
