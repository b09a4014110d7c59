import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { knownMigrations } from '@watchpost/alerting/export';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openStore } from '../../alerting/src/store/open-store.ts';
import { embeddedStore } from '../../alerting/src/testing/empty-cluster.ts';
import { verifyArchive } from '../../cli/src/backup/archive-reader.ts';
import {
  type BeforeUpgrade,
  backUpBeforeUpgrade,
  upgradeStep,
} from '../../cli/src/backup/back-up-before-upgrade.ts';
import { beforeUpgradePolicy } from '../../cli/src/backup/policy.ts';
import { parseRecoveryKey } from '../../cli/src/backup/recovery-key.ts';
import { writingKeyOfServer } from '../../cli/src/backup/writing-key-file.ts';

const older: BeforeUpgrade = {
  ran: ['001-first', '002-second'],
  known: ['001-first', '002-second', '003-third'],
  bytes: 1_000,
  freeBytes: 10 * beforeUpgradePolicy.roomLeftBytes,
  hasKey: true,
  backedUp: undefined,
};

it.each<[string, Partial<BeforeUpgrade>, ReturnType<typeof upgradeStep>]>([
  ['backed up', {}, { step: 'back_up', at: '002-second' }],
  ['left alone when empty', { ran: [] }, { step: 'go_on' }],
  ['left alone when it is as wanted', { ran: older.known }, { step: 'go_on' }],
  ['left to who refuses what is newer', { ran: [...older.known, '004-fourth'] }, { step: 'go_on' }],
  [
    'not migrated when too large',
    { bytes: beforeUpgradePolicy.databaseBytesAtMost + 1 },
    { step: 'refuse', at: '002-second', reason: 'too_large' },
  ],
  [
    'not migrated without room',
    { freeBytes: beforeUpgradePolicy.roomLeftBytes },
    { step: 'refuse', at: '002-second', reason: 'no_room' },
  ],
  ['not migrated without a key', { hasKey: false }, { step: 'refuse', at: '002-second', reason: 'no_key' }],
  ['migrated when its owner has a backup', { hasKey: false, backedUp: '002-second' }, { step: 'go_on' }],
  [
    'not migrated for a word about an earlier one',
    { hasKey: false, backedUp: '001-first' },
    { step: 'refuse', at: '002-second', reason: 'no_key' },
  ],
])('a database server is %s', (_what, more, expected) => {
  expect(upgradeStep({ ...older, ...more })).toEqual(expected);
});

let root: string;
let places: { folder: string; data: string; databaseUrl: undefined };
const last = knownMigrations.at(-2) ?? '';
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'watchpost-before-'));
  places = { folder: join(root, 'server'), data: join(root, 'data'), databaseUrl: undefined };
  mkdirSync(places.folder);
  mkdirSync(places.data);
  writeFileSync(join(places.folder, 'server.yaml'), 'version: 1\n');
  const { image } = await embeddedStore();
  const store = await openStore({
    kind: 'embedded',
    folder: join(places.data, 'store'),
    ...(image ? { image } : {}),
  });
  await store.db
    .withTables<{ watchpost_migration: { name: string } }>()
    .deleteFrom('watchpost_migration')
    .where('name', '=', knownMigrations.at(-1) ?? '')
    .execute();
  await store.close();
}, 180_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => rmSync(join(places.data, 'backups'), { recursive: true, force: true }));

const start = (backedUp?: string) =>
  backUpBeforeUpgrade({ places, backedUp, version: '9.9.9', nowMs: Date.parse('2026-11-27T12:00:00Z') });

it('nobody holds a key yet: it is refused with what would speak for it, and that does', async () => {
  await expect(start()).rejects.toMatchObject({
    code: 'store.backup_needed',
    details: { reason: 'no_key', expected: last },
  });
  expect(await start(last)).toBeUndefined();
  expect(readdirSync(places.data)).not.toContain('backups');
});

it('the archive has the old shape, is opened by the recovery key, and the last two stay', async () => {
  const { recovery = '', keep } = writingKeyOfServer(places.folder);
  keep();
  const backups = join(places.data, 'backups');
  mkdirSync(backups);
  for (const [index, name] of ['001', '002', '003'].entries()) {
    const path = join(backups, `before-upgrade-of-${name}.archive`);
    writeFileSync(path, '');
    utimesSync(path, index, index);
  }
  writeFileSync(join(backups, 'my-own.archive'), '');
  const archive = await start();
  expect(archive).toBe(join(backups, `before-upgrade-of-${last}.archive`));
  const { preface, manifest } = await verifyArchive(archive ?? '', parseRecoveryKey(recovery));
  expect(preface.database.migrations.at(-1)).toBe(last);
  const names = manifest.entries.map(({ name }) => name);
  expect(names).toContain('server/server.yaml');
  expect(names.filter((name) => name.includes('backups'))).toEqual([]);
  expect(readdirSync(backups).toSorted()).toEqual([
    ...['before-upgrade-of-003.archive', `before-upgrade-of-${last}.archive`, 'my-own.archive'].toSorted(),
  ]);
}, 180_000);
