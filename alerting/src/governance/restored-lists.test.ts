import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ListState } from '@watchpost/contracts/api';
import { restoredFile } from '@watchpost/contracts/lists';
import { siteIdSchema } from '@watchpost/contracts/wire';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { entriesIn, insertEntry, updateEntry } from '../store/list-store.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { insertPass } from '../store/pass-store.ts';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { FakeEnroller } from '../testing/fake-enroller.ts';
import { FakePermits } from '../testing/permit-contract.ts';
import { append, entriesAfter, headOf } from './audit-log.ts';
import { ListReconciler } from './list-reconciler.ts';
import { defaultSiteListsPolicy } from './policy.ts';
import { holdRestoredLists } from './restored-lists.ts';

const site = siteIdSchema.parse('north');
const logger = pino({ level: 'silent' });
const nowMs = () => Date.UTC(2026, 10, 27);
const at = new Date(nowMs()).toISOString();
const madeAt = '2026-11-01T00:00:00.000Z';
const dataFolder = mkdtempSync(join(tmpdir(), 'restored-'));
let store: Store;

beforeAll(async () => {
  store = await openStore(await embeddedStore());
});
afterAll(async () => {
  await store.close();
  rmSync(dataFolder, { recursive: true });
});
beforeEach(async () => {
  await sql`delete from list_entry`.execute(store.db);
  await sql`delete from pass`.execute(store.db);
  await pass('2026-12-01T00:00:00.000Z');
  await pass('2026-11-26T00:00:00.000Z');
  for (const state of ['active', 'proposed', 'draft', 'withdrawn', 'expired'] as const) await entry(state);
  await append(store.db, {
    ...{ at, actor: 'system', site, action: 'log_in', subject: null, reason: null, outcome: 'done' },
    details: {},
  });
});

async function entry(state: ListState): Promise<void> {
  const made = {
    ...{ site, id: randomUUID() as never, version: 1, list: 'watch' as const, label: state, state },
    ...{ legalBasis: 'order', authority: 'court', purpose: 'entry', reason: '', instruction: '' },
    ...{ area: ['hall'] as never, expires: '2027-01-01T00:00:00.000Z', review: '2027-01-01T00:00:00.000Z' },
    ...{ photos: 1, author: { account: randomUUID(), name: 'anna' }, updatedAt: at, erasedAt: null },
    activatedAt: state === 'draft' || state === 'proposed' ? null : at,
    endedAt: state === 'withdrawn' || state === 'expired' ? at : null,
  };
  await insertEntry(store.db, made);
  const approvals = [{ account: randomUUID(), name: 'ben', at }];
  if (state === 'active' || state === 'proposed') await updateEntry(store.db, { ...made, approvals });
}
async function pass(notAfter: string): Promise<void> {
  await insertPass(store.db, {
    ...{ site, id: randomUUID(), iss: site, gates: ['gate'], zones: ['hall'], purpose: 'visit' },
    ...{ reference: null, address: null, notBefore: madeAt, notAfter, maxUses: 1, issuedAt: madeAt },
    issuer: { account: randomUUID(), name: 'anna' },
  });
}
const restored = (said: unknown) =>
  writeFileSync(join(dataFolder, restoredFile), typeof said === 'string' ? said : JSON.stringify(said));
const hold = () => holdRestoredLists({ db: store.db, dataFolder, nowMs, logger });
const states = async () => {
  const all = ['active', 'proposed', 'draft', 'withdrawn', 'expired'] as const;
  return (await entriesIn(store.db, site, all)).map(({ label, state }) => `${label}: ${state}`).toSorted();
};
/** How many passes no gate takes any more. */
const heldPasses = async () =>
  (await sql`select id from pass where held_at is not null`.execute(store.db)).rows.length;
const asBefore = ['active', 'draft', 'expired', 'proposed', 'withdrawn'].map((state) => `${state}: ${state}`);
const held = ['active: draft', 'draft: draft', 'expired: expired', 'proposed: draft', 'withdrawn: withdrawn'];

it('on a server that was not restored nothing changes', async () => {
  await hold();
  expect(await states()).toEqual(asBefore);
  expect(await heldPasses()).toBe(0);
});

it('after a restore nothing is active or half agreed, once, and the log says of each entry why', async () => {
  restored({ version: 1, madeAt });
  const { position } = await headOf(store.db);
  await hold();
  expect(await states()).toEqual(held);
  for (const one of await entriesIn(store.db, site, ['draft'])) expect(one.approvals).toEqual([]);
  const noted = await entriesAfter(store.db, position, 100);
  expect(noted.map(({ action, actor, details }) => [action, actor, details.what ?? details.held])).toEqual([
    ['list_entry_edited', 'system', 'restore'],
    ['list_entry_edited', 'system', 'restore'],
    ['lists_restored', 'system', 2],
  ]);
  // The other one has ended.
  expect([await heldPasses(), noted.at(-1)?.details.passes]).toEqual([1, 1]);
  expect(existsSync(join(dataFolder, restoredFile))).toBe(false);
  await entry('active');
  await hold();
  expect(await states()).toContain('active: active');
});

it('gateways are told that what was active is withdrawn: one that still has a gallery matches nobody', async () => {
  restored({ version: 1, madeAt });
  await hold();
  const permits = new FakePermits();
  const enroller = new FakeEnroller();
  await new ListReconciler({
    ...{ db: store.db, site, permits, enroller, nowMs, logger, policy: defaultSiteListsPolicy },
  }).runOnce();
  const [before] = (await entriesIn(store.db, site, ['draft'])).filter(({ label }) => label === 'active');
  expect(await permits.last(site)).toMatchObject({ gallery: null });
  expect((await permits.last(site))?.revokedPasses).toHaveLength(1);
  expect((await permits.last(site))?.withdrawn).toContain(before?.id);
});

it('where the log ends with the noted entry nothing came after the archive, and everything stays', async () => {
  restored({ version: 1, madeAt, head: await headOf(store.db) });
  await hold();
  expect(await states()).toEqual(asBefore);
  expect(await heldPasses()).toBe(0);
});

it.each([
  ['a log that lacks what came after', { position: 10_000, hash: 'a'.repeat(64) }],
  ['another log', { hash: 'b'.repeat(64) }],
])('a noted head is of no use for %s', async (_, changed) => {
  const head = { ...(await headOf(store.db)), ...changed };
  restored({ version: 1, madeAt, head });
  await hold();
  expect(await states()).toEqual(held);
});

it('a mark that cannot be read counts as one', async () => {
  restored('{');
  await hold();
  expect(await states()).toEqual(held);
});
