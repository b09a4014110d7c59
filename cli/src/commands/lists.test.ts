import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportAuditCommand } from './audit.ts';
import { initCommand } from './init.ts';
import { rekeyCommand } from './lists.ts';
import { testIo } from './test-io.ts';

// A server that does not run, with its own database and the real enrolment.
const folder = mkdtempSync(join(tmpdir(), 'lists-'));
const server = join(folder, 'server');
const keys = () => readFileSync(join(server, 'data', 'enrolment', 'main', 'keys.json'), 'utf8');

beforeAll(async () => {
  await initCommand(server, { host: ['watch.example'], json: false, lang: 'en' }, testIo());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function rekey(options: Partial<Parameters<typeof rekeyCommand>[1]> = {}) {
  const io = testIo();
  const code = await rekeyCommand(server, { json: false, lang: 'en', site: [], ...options }, io);
  return { code, out: io.written.out, err: io.written.err };
}

describe('watchpost lists rekey', () => {
  it('makes new keys each time, and says when gateways take them', async () => {
    const first = await rekey();
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toContain('main: new gallery keys (0 entries)');
    expect(first.out).toContain('after the next start');
    const before = keys();
    const again = await rekey({ json: true, site: ['main'], reason: 'attic was stolen' });
    expect(JSON.parse(again.out)).toEqual({
      sites: [{ site: 'main', entries: 0, lost: [], isRunning: false }],
    });
    expect(keys()).not.toBe(before);
  });

  it('stands in the audit log with its reason', async () => {
    const io = testIo();
    await exportAuditCommand(server, { json: false, lang: 'en' }, io);
    const lines = io.written.out.split('\n').filter((line) => line.includes('gallery_rekeyed'));
    expect(lines.map((line) => JSON.parse(line).reason)).toEqual([
      ...[null, null, 'attic was stolen', 'attic was stolen'],
    ]);
  });

  it('of a site that is not there is refused, in both languages, and nothing is changed', async () => {
    const before = keys();
    const refused = await rekey({ site: ['nowhere'] });
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('--site');
    expect((await rekey({ site: ['nowhere'], lang: 'zh-CN' })).err).toMatch(/[\u4e00-\u9fff]/);
    expect(keys()).toBe(before);
  });
});
