import { randomUUID } from 'node:crypto';
import { WatchpostError } from '@watchpost/contracts/errors';
import { siteIdSchema } from '@watchpost/contracts/wire';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { insertEntry } from '../store/list-store.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { FakeEnroller } from '../testing/fake-enroller.ts';
import { FakePermits } from '../testing/permit-contract.ts';
import { entriesAfter } from './audit-log.ts';
import { Governance } from './governance.ts';
import { ListReconciler } from './list-reconciler.ts';
import { faultsOf, isBehind, listsHealth } from './lists-health.ts';
import { defaultSiteListsPolicy, listsPolicy } from './policy.ts';
import { rekeyGallery } from './rekey-gallery.ts';

const site = siteIdSchema.parse('north');
const logger = pino({ level: 'silent' });
const nowMs = () => Date.UTC(2026, 10, 27);
const elapsed = { ms: 0 };
const permitHolds = 10;
let store: Store;
let enroller: FakeEnroller;
let permits: FakePermits;
let reconciler: ListReconciler;

beforeAll(async () => {
  store = await openStore(await embeddedStore());
});
afterAll(() => store.close());
beforeEach(async () => {
  elapsed.ms = 0;
  await sql`delete from list_entry`.execute(store.db);
  enroller = new FakeEnroller();
  permits = new FakePermits();
  const monotonicMs = () => elapsed.ms;
  reconciler = new ListReconciler({
    ...{ db: store.db, site, permits, enroller, nowMs, monotonicMs, logger, permitHolds },
    policy: defaultSiteListsPolicy,
  });
  const person = { account: randomUUID(), name: 'anna' };
  const at = new Date(nowMs()).toISOString();
  await insertEntry(store.db, {
    ...{ site, id: randomUUID() as never, version: 1, list: 'access', label: 'x', legalBasis: 'contract' },
    ...{ authority: 'owner', purpose: 'entry', reason: '', instruction: '', area: ['hall'] as never },
    ...{ expires: '2027-01-01T00:00:00.000Z', review: '2027-01-01T00:00:00.000Z', state: 'active' },
    ...{ photos: 1, author: person, updatedAt: at, activatedAt: at, endedAt: null, erasedAt: null },
  });
});
const later = (ms: number) => {
  elapsed.ms += ms;
};
const healthNow = () => listsHealth([reconciler.state]);

describe('a reconciler', () => {
  it('that is in step is well, however long nothing changes', async () => {
    await reconciler.runOnce();
    for (let round = 0; round < 100; round++) {
      later(listsPolicy.everyMs);
      await reconciler.runOnce();
    }
    expect(healthNow()).toEqual({ status: 'ok' });
  });

  it('that fails is told of with its cause, and is well when it is in step again', async () => {
    reconciler.start();
    enroller.failure = new WatchpostError('enrolment.away');
    await expect.poll(() => reconciler.state.failures).toBe(1);
    expect(healthNow()).toEqual({ status: 'ok' });
    later(listsPolicy.behindAfterMs - 60_000);
    reconciler.changed();
    await expect.poll(() => reconciler.state.failures).toBe(2);
    later(60_001);
    expect(healthNow()).toEqual({
      ...{ status: 'degraded', error: 'list.not_in_step' },
      details: { sites: 1, seconds: 120, cause: 'enrolment.away' },
    });
    enroller.failure = undefined;
    reconciler.changed();
    await expect.poll(() => reconciler.state.error).toBeUndefined();
    expect(healthNow()).toEqual({ status: 'ok' });
    await reconciler.stop();
  });

  it('that stands still is told of, although nothing fails', async () => {
    enroller.compile = () => new Promise(() => undefined);
    void reconciler.runOnce();
    later(listsPolicy.behindAfterMs + 1);
    expect([isBehind(reconciler.state), reconciler.state.failures]).toEqual([true, 0]);
    expect(healthNow()).toMatchObject({ status: 'degraded', error: 'list.not_in_step' });
  });
});

describe('a permit that does not hold all of what ended', () => {
  const end = (entries: number) =>
    sql`insert into list_entry select (jsonb_populate_record(null::list_entry, to_jsonb(entry)
        || jsonb_build_object('id', gen_random_uuid(), 'state', 'withdrawn', 'ended_at', entry.updated_at))).*
      from list_entry as entry, generate_series(1, ${entries}) where state = 'active'`.execute(store.db);

  it('is told of, and no longer when it holds all again', async () => {
    await end(permitHolds);
    await reconciler.runOnce();
    expect([healthNow(), faultsOf(reconciler.state)]).toEqual([{ status: 'ok' }, []]);
    await end(1);
    reconciler.changed();
    await expect.poll(() => reconciler.state.isFull).toBe(true);
    expect(healthNow()).toEqual({ status: 'degraded', error: 'list.permit_full', details: { sites: 1 } });
    expect(faultsOf(reconciler.state)).toEqual(['list.permit_full']);
    await sql`delete from list_entry where state = 'withdrawn'`.execute(store.db);
    reconciler.changed();
    await expect.poll(() => reconciler.state.isFull).toBe(false);
    await reconciler.stop();
  });
});

describe('keys that a revoked gateway has', () => {
  it('are proposed to be changed, until they are others', async () => {
    const record = { version: 1 as const, holders: [], erasures: [] };
    const leaked = { gateway: 'attic', since: new Date(nowMs()).toISOString(), keys: 'a'.repeat(64) };
    permits.records.set(site, { ...record, rekey: [leaked as never] });
    await reconciler.runOnce();
    expect(faultsOf(reconciler.state)).toEqual(['identity.rekey_due']);
    permits.records.set(site, { ...record, rekey: [] });
    await reconciler.runOnce();
    expect(faultsOf(reconciler.state)).toEqual([]);
    permits.records.delete(site);
  });
});

describe('new keys', () => {
  const parts = () => ({ db: store.db, nowMs, enroller });
  const rekeys = async () =>
    (await entriesAfter(store.db, 0, 10_000))
      .filter(({ action }) => action === 'gallery_rekeyed')
      .map(({ actor, reason, outcome, details }) => ({ actor, reason, outcome, details }));

  it('make another gallery, which gateways are told of, and stand in the audit log', async () => {
    await reconciler.runOnce();
    const before = (await permits.last(site))?.gallery;
    expect(await rekeyGallery(site, 'attic was stolen', parts())).toEqual({ entries: 0, lost: [] });
    reconciler.changed();
    await expect.poll(async () => (await permits.last(site))?.gallery).not.toBe(before);
    await reconciler.stop();
    const said = { actor: 'server console', reason: 'attic was stolen', outcome: 'done' };
    expect((await rekeys()).slice(-2)).toEqual([
      { ...said, details: { step: 'begun' } },
      { ...said, details: { step: 'finished', entries: 0, lost: 0 } },
    ]);
  });

  it('that could not be made stand there as refused', async () => {
    enroller.failure = new WatchpostError('enrolment.away');
    await expect(rekeyGallery(site, null, parts())).rejects.toMatchObject({ code: 'enrolment.away' });
    expect((await rekeys()).at(-1)).toMatchObject({
      outcome: 'refused',
      details: { step: 'failed', code: 'enrolment.away' },
    });
  });

  it('are made for sites that run here alone, and where there is an enrolment', async () => {
    const options = { db: store.db, nowMs, newId: () => randomUUID(), logger, permits };
    const sites = new Map([[site, new Set(['hall'])]]);
    const governance = new Governance({ ...options, sites, enroller });
    await expect(governance.rekey('south', null)).rejects.toMatchObject({ code: 'list.site_unknown' });
    const without = new Governance({ ...options, sites, enroller: undefined });
    await expect(without.rekey(site, null)).rejects.toMatchObject({ code: 'list.enrolment_away' });
  });
});
