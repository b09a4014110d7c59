import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditNotesFolder, restoredFile } from '@watchpost/contracts/lists';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openStore, type Store } from '../store/open-store.ts';
import { Teardown } from '../teardown.ts';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { ChainCheck } from './audit-chain.ts';
import { entriesAfter, headOf } from './audit-log.ts';
import { AuditNotes, takeOutsideWork } from './audit-notes.ts';

const logger = pino({ level: 'silent' });
const nowMs = () => Date.UTC(2026, 10, 28);
const dataFolder = mkdtempSync(join(tmpdir(), 'notes-'));
const folder = join(dataFolder, auditNotesFolder);
let store: Store;

beforeAll(async () => {
  store = await openStore(await embeddedStore());
});
afterAll(async () => {
  await store.close();
  rmSync(dataFolder, { recursive: true });
});
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const leave = (name: string, changed: object = {}) => {
  mkdirSync(folder, { recursive: true });
  const note = {
    ...{ version: 1, at: '2026-11-27T23:00:00.000Z', site: 'north', action: 'gateway_revoked' },
    ...{ subject: { kind: 'gateway', id: 'attic' }, outcome: 'done', details: { step: 'begun' } },
    ...changed,
  };
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(note));
};
const left = () => (existsSync(folder) ? readdirSync(folder) : []);
const notes = () => new AuditNotes({ db: store.db, nowMs, logger, folder });
/** What is in the log since. */
const since = async (position: number) =>
  (await entriesAfter(store.db, position, 100)).map(({ action, actor, site, subject, details }) => [
    ...[action, actor, site, subject?.id, details.step ?? null, details.notedAt],
  ]);

it('what was done at the server’s computer is in the chain, in its order, and left nowhere', async () => {
  const { position } = await headOf(store.db);
  leave('20261127230000001-1-b', { details: { step: 'finished', certificates: 2 } });
  leave('20261127230000000-0-a');
  leave('20261127230000002-0-c', { action: 'backup_made', site: null, subject: null, details: { rows: 7 } });
  await notes().take();
  const at = '2026-11-27T23:00:00.000Z';
  expect(await since(position)).toEqual([
    ['gateway_revoked', 'server console', 'north', 'attic', 'begun', at],
    ['gateway_revoked', 'server console', 'north', 'attic', 'finished', at],
    ['backup_made', 'server console', null, undefined, null, at],
  ]);
  expect(left()).toEqual([]);
  const check = new ChainCheck();
  for (const entry of await entriesAfter(store.db, 0, 100)) check.take(entry);
  expect(check.end()).toBeUndefined();
});

it('a note that is there again, because a process died after its entry, is not a second entry', async () => {
  leave('20261127230000005-0-d');
  await notes().take();
  const { position } = await headOf(store.db);
  leave('20261127230000005-0-d');
  await notes().take();
  expect([await since(position), left()]).toEqual([[], []]);
});

it('what is no note is set aside and stops no other; while the database is away nothing goes', async () => {
  const { position } = await headOf(store.db);
  leave('20261127230000006-0-e', { action: 'roles_changed' });
  writeFileSync(join(folder, '20261127230000006-1-f.json'), '{');
  leave('20261127230000007-0-g');
  const execute = () => Promise.reject(new Error('away'));
  const db = { transaction: () => ({ execute }) } as never;
  const away = new AuditNotes({ db, nowMs, logger, folder });
  await away.take();
  expect(left()).toContain('20261127230000007-0-g.json');
  await notes().take();
  expect((await since(position)).length).toBe(1);
  expect(left().toSorted()).toEqual([
    ...['20261127230000006-0-e.json.unreadable', '20261127230000006-1-f.json.unreadable'],
  ]);
});

it('a start takes what was left while nothing ran, after what a restore means for the lists', async () => {
  const { position, hash } = await headOf(store.db);
  const mark = { version: 1, madeAt: '2026-11-01T00:00:00.000Z', head: { position, hash } };
  writeFileSync(join(dataFolder, restoredFile), JSON.stringify(mark));
  leave('20261127230000008-0-h', { action: 'server_restored', site: null, subject: null, details: {} });
  const teardown = new Teardown();
  await takeOutsideWork({ db: store.db, dataFolder, nowMs, logger }, teardown);
  await teardown.run();
  // Nothing came after the archive but its own restore: the lists stay as they are.
  const found = await entriesAfter(store.db, position, 100);
  expect(found.map(({ action, details }) => [action, details.head ?? null])).toEqual([
    ['lists_restored', true],
    ['server_restored', null],
  ]);
});
