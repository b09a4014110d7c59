import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { TableImport } from '@watchpost/alerting/export';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyArchive } from '../backup/archive-reader.ts';
import { parseRecoveryKey } from '../backup/recovery-key.ts';
import { newStoreTemplate } from '../backup/server-places.ts';
import { backupCommand } from './backup.ts';
import { initCommand } from './init.ts';
import { restoreCommand } from './restore.ts';
import { testIo } from './test-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchpost-backup-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const server = join(folder, 'a 50% server');
const archive = join(folder, 'archive');

/** Every file below with its content and mode, but databases and locks. */
const filesOf = (path: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(path, name)).isFile())
      .filter((name) => !/in-use\.lock|data\/store\/|sqlite-|outbox|data\/run\//.test(name))
      .map((name) => [
        name,
        `${(statSync(join(path, name)).mode & 0o777).toString(8)} ${name.endsWith('.sqlite') ? rowsOf(join(path, name)) : readFileSync(join(path, name), 'latin1')}`,
      ]),
  );

function rowsOf(path: string): string {
  const database = new DatabaseSync(path, { readOnly: true });
  const names = database.prepare(`select name from sqlite_master where type = 'table' order by name`).all();
  const rows = names.map(({ name }) => database.prepare(`select * from "${name}"`).all());
  database.close();
  return JSON.stringify([names, rows]);
}

async function backup() {
  const io = testIo();
  const code = await backupCommand(server, { to: archive, json: false, lang: 'en' }, io);
  return { code, ...io.written };
}
async function restore(from: string, to: string, key: string, lang = 'en') {
  const io = testIo({ input: key });
  const code = await restoreCommand(from, to, { json: false, lang }, io);
  return { code, ...io.written };
}

/** What waits for the audit log, in its order. */
const notesIn = (from: string): string[] =>
  readdirSync(join(from, 'data', 'audit-notes'))
    .toSorted()
    .map((name) => JSON.parse(readFileSync(join(from, 'data', 'audit-notes', name), 'utf8')))
    .map(({ action, details }) => [action, details.step].filter(Boolean).join(' '));

let outbox: DatabaseSync;
let recoveryKey = '';
beforeAll(async () => {
  await initCommand(server, { host: ['watch.example'], json: false, lang: 'en' }, testIo());
  const data = join(server, 'data');
  for (const path of ['edge', 'flows', 'run']) mkdirSync(join(data, path), { recursive: true, mode: 0o700 });
  writeFileSync(join(data, 'flows', 'flows.json'), '[]');
  writeFileSync(join(data, 'run', 'alerting.json'), 'made at every start');
  writeFileSync(join(data, 'edge', 'outbox.reserve'), Buffer.alloc(100_000));
  // As a gateway has it while it runs: for itself alone, with rows that are in its log only.
  outbox = new DatabaseSync(join(data, 'edge', 'outbox.sqlite'));
  outbox.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; CREATE TABLE event (seq INTEGER)');
  outbox.exec('INSERT INTO event VALUES (1), (2)');
  const shape = { migrations: [], tables: [], sequences: [] };
  const store = await TableImport.begin(
    { kind: 'embedded', folder: join(data, 'store'), template: await newStoreTemplate() },
    shape,
  );
  await store.finish();
});
afterAll(() => outbox.close());

describe('watchpost backup and restore', () => {
  it('shows the recovery key with the first archive, and never again', async () => {
    const first = await backup();
    expect(first).toMatchObject({ code: 0, err: '' });
    recoveryKey = /WPR1(-[0-9A-Z]{5}){13}/.exec(first.out)?.[0] ?? '';
    expect(recoveryKey).not.toBe('');
    const kept = filesOf(server);
    expect(Object.values(kept).join('\n')).not.toContain(recoveryKey.slice(5));
    expect(statSync(join(server, 'secrets', 'backup-key')).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(server, 'data')).filter((name) => name.startsWith('backup-copy'))).toEqual([]);
  });

  it('brings a server back on an empty computer, and its later archives open with the same key', async () => {
    const target = join(folder, 'empty machine', 'server');
    expect(await restore(archive, target, `${recoveryKey.toLowerCase()}\n`)).toMatchObject({ code: 0 });
    // Whoever keeps the lists is told that this server was restored.
    const { 'data/restored.json': mark = '', ...files } = filesOf(target);
    expect(mark).toContain('"version":1');
    const isNote = (name: string) => name.startsWith('data/audit-notes/');
    const withoutNotes = (found: object) =>
      Object.fromEntries(Object.entries(found).filter(([name]) => !isNote(name)));
    expect(withoutNotes(files)).toEqual(withoutNotes(filesOf(server)));
    // For the audit log: that the archive was made, and that it was restored.
    expect(notesIn(server)).toEqual(['backup_made begun', 'backup_made finished']);
    expect(notesIn(target)).toEqual(['backup_made begun', 'server_restored']);
    expect(existsSync(join(target, 'data', 'store', 'pg', 'PG_VERSION'))).toBe(true);
    expect(rowsOf(join(target, 'data', 'edge', 'outbox.sqlite'))).toBe(
      '[[{"name":"event"}],[[{"seq":1},{"seq":2}]]]',
    );
    expect(existsSync(join(target, 'data', 'edge', 'outbox.reserve'))).toBe(false);
    expect(existsSync(join(target, '.restoring'))).toBe(false);
    const io = testIo();
    const later = join(folder, 'later');
    expect(await backupCommand(target, { to: later, json: false, lang: 'zh-CN' }, io)).toBe(0);
    expect(io.written.out).toContain('备份已写入');
    expect(io.written.out).not.toMatch(/WPR1|用途不明/);
    expect(await verifyArchive(later, parseRecoveryKey(recoveryKey))).toMatchObject({
      preface: { watchpost: '0.1.0' },
    });
  });

  it('restores nothing from what is not whole, over what is there, or with another key', async () => {
    const whole = readFileSync(archive);
    const target = join(folder, 'nothing');
    const broken = join(folder, 'broken');
    for (const [bytes, code] of [
      [whole.subarray(0, whole.length - 1), 'backup.truncated'],
      [whole.map((byte, at) => (at === 5_000 ? byte ^ 1 : byte)), 'backup.damaged'],
    ] as const) {
      writeFileSync(broken, bytes);
      const answer = await restore(broken, target, recoveryKey);
      expect(answer).toMatchObject({ code: 2, out: '' });
      expect(answer.err).toContain(`[${code}]`);
    }
    const wrong = await restore(
      archive,
      target,
      recoveryKey.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
    );
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.err).toContain('[backup.key_form]');
    expect(wrong.err).toContain('group: 13');
    expect(existsSync(join(target, 'server.yaml'))).toBe(false);
    const full = await restore(archive, server, recoveryKey, 'zh-CN');
    expect(full).toMatchObject({ code: 2 });
    expect(full.err).toContain('[backup.not_empty] 目标不是空的');
  });
});
