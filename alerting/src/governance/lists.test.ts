import { randomUUID } from 'node:crypto';
import {
  type AuditEntry,
  type ListEntry,
  type ListEntryRequest,
  rolePermissions,
} from '@watchpost/contracts/api';
import { parseListEntryRecord } from '@watchpost/contracts/lists';
import { siteIdSchema, zoneIdSchema } from '@watchpost/contracts/wire';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { entriesIn } from '../store/list-store.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { FakeEnroller } from '../testing/fake-enroller.ts';
import { FakePermits } from '../testing/permit-contract.ts';
import { ChainCheck } from './audit-chain.ts';
import { entriesAfter } from './audit-log.ts';
import { Governance } from './governance.ts';
import { csvCell, entriesAsCsv } from './list-export.ts';
import { ListReconciler } from './list-reconciler.ts';
import { toRecord } from './list-view.ts';
import type { Person } from './person.ts';
import { defaultSiteListsPolicy, type SiteListsPolicy } from './policy.ts';

const north = siteIdSchema.parse('north');
const zone = (id: string) => zoneIdSchema.parse(id);
const dayMs = 86_400_000;
const clock = { nowMs: Date.UTC(2026, 10, 27) };
const nowMs = () => clock.nowMs;
const at = (days: number) => new Date(clock.nowMs + days * dayMs).toISOString();
const jpeg = (text: string) => Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.from(text)]);

let store: Store;
let enroller: FakeEnroller;
let permits: FakePermits;
let governance: Governance;
let reconciler: ListReconciler;

beforeAll(async () => {
  store = await openStore(await embeddedStore());
});
afterAll(() => store.close());
/** The lists as they are with these numbers of the site. */
function govern(policy: SiteListsPolicy): void {
  const options = { db: store.db, nowMs, newId: () => randomUUID(), logger: pino({ level: 'silent' }) };
  governance = new Governance({
    ...{ ...options, enroller, permits },
    sites: new Map([[north, new Set(['hall', 'gate', 'vault'])]]),
    policies: new Map([[north, policy]]),
  });
  reconciler = new ListReconciler({ ...options, site: north, permits, enroller, policy });
}
beforeEach(async () => {
  clock.nowMs = Date.UTC(2026, 10, 27);
  await sql`delete from list_entry`.execute(store.db);
  enroller = new FakeEnroller();
  permits = new FakePermits();
  govern(defaultSiteListsPolicy);
});

type Role = keyof typeof rolePermissions;
const person = (
  role: Role = 'supervisor',
  zones: string[] | null = null,
  account: string = randomUUID(),
): Person => ({
  ...{ account, name: `${role} ${account.slice(0, 4)}` },
  sites: [{ site: north, role, permissions: [...rolePermissions[role]], zones: zones?.map(zone) ?? null }],
});
const request = (changed: Partial<ListEntryRequest> = {}): ListEntryRequest => ({
  ...{ list: 'watch', label: 'Zhang San 张三', legalBasis: 'Order 7', authority: 'Court', purpose: 'Theft' },
  ...{ reason: 'Stole twice', instruction: 'Call the police', area: [zone('hall')] },
  ...{ expires: at(90), review: at(30), ...changed },
});
const order = (who: Person, { id, version }: Pick<ListEntry, 'id' | 'version'>, reason?: string) => ({
  ...{ person: who, sites: [north], id, version, reason },
});

async function proposed(who: Person, changed: Partial<ListEntryRequest> = {}): Promise<ListEntry> {
  const { lists, photos } = governance;
  const draft = await lists.create(who, north, request(changed));
  const { entry } = await photos.add(order(who, draft), jpeg(draft.id), false);
  return lists.propose(order(who, entry));
}
async function active(changed: Partial<ListEntryRequest> = {}): Promise<ListEntry> {
  return governance.lists.approve(order(person(), await proposed(person(), changed)));
}
const log = async (): Promise<AuditEntry[]> => entriesAfter(store.db, 0, 10_000);
const refused = async (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'done',
    (error: { code?: string; path?: string }) => [error.code, error.path].filter(Boolean).join(' '),
  );

describe('an entry', () => {
  it('is active once another person has approved it, and then a gateway may have its record', async () => {
    const [anna, ben] = [person(), person()];
    const draft = await governance.lists.create(anna, north, request());
    expect(draft).toMatchObject({
      state: 'draft',
      missing: ['photo', 'proposal', 'approval'],
      approvals: [],
    });
    expect(await refused(governance.lists.propose(order(anna, draft)))).toBe('list.photo_missing /photos');
    const { entry } = await governance.photos.add(order(anna, draft), jpeg('z'), false);
    const waiting = await governance.lists.propose(order(anna, entry));
    expect(waiting).toMatchObject({ state: 'proposed', missing: ['approval'] });
    expect(waiting.approvals).toMatchObject([{ account: anna.account }]);
    const done = await governance.lists.approve(order(ben, waiting));
    expect(done).toMatchObject({ state: 'active', missing: [], may: ['edit', 'withdraw', 'review'] });
    const [stored] = await entriesIn(store.db, north, ['active']);
    const record = stored && toRecord(stored);
    expect(
      parseListEntryRecord(record, nowMs())
        .approvals.map(({ by }) => by)
        .sort(),
    ).toEqual([anna.account, ben.account].sort());
  });

  it('of the access list needs one other person too', async () => {
    const anna = person();
    const waiting = await proposed(anna, { list: 'access' });
    expect(waiting.state).toBe('proposed');
    expect(await refused(governance.lists.approve(order(anna, waiting)))).toBe('list.own_entry');
    expect((await governance.lists.approve(order(person(), waiting))).state).toBe('active');
  });

  it('that somebody proposed who may not approve needs two others', async () => {
    const program: Person = person();
    const limited = {
      ...program,
      sites: program.sites.map((one) => ({ ...one, permissions: ['lists.read', 'lists.propose'] as const })),
    } as unknown as Person;
    const waiting = await proposed(limited);
    expect(waiting.approvals).toEqual([]);
    const ben = person();
    const once = await governance.lists.approve(order(ben, waiting));
    expect(once).toMatchObject({ state: 'proposed', missing: ['approval'] });
    expect(await refused(governance.lists.approve(order(ben, once)))).toBe('list.approved_already');
    expect((await governance.lists.approve(order(person(), once))).state).toBe('active');
  });

  it.each([
    ['a legal basis that says nothing', { legalBasis: ' - ' }, 'watchlist.incomplete /legalBasis'],
    ['an end in the past', { expires: at(-1) }, 'watchlist.incomplete /expires'],
    ['an end too far ahead', { expires: at(367) }, 'watchlist.incomplete /expires'],
    ['a zone that is none of the site', { area: [zone('hall'), zone('moon')] }, 'list.zone_unknown /area/1'],
  ])('with %s is not proposed', async (_, changed, code) => {
    expect(await refused(proposed(person(), changed))).toBe(code);
  });

  it('whose content or photos change has no signatures any more, and matches nothing', async () => {
    const entry = await active();
    await reconciler.runOnce();
    const changed = await governance.lists.edit(order(person(), entry), request({ reason: 'another' }));
    expect(changed).toMatchObject({ state: 'draft', approvals: [], missing: ['proposal', 'approval'] });
    reconciler.changed();
    await reconciler.stop();
    expect(permits.published.get(north)).toMatchObject({ gallery: null, withdrawn: [entry.id], erase: [] });
    const waiting = await proposed(person());
    const more = await governance.photos.add(order(person(), waiting), jpeg('more'), false);
    expect(more.entry).toMatchObject({ state: 'draft', approvals: [], photos: 2 });
  });

  it('is changed by one of two who saw the same version', async () => {
    const waiting = await proposed(person());
    const both = await Promise.all(
      [person(), person()].map((who) => refused(governance.lists.refuse(order(who, waiting, 'not clear')))),
    );
    expect(both.sort()).toEqual(['done', 'list.stale /version']);
  });
});

describe('who reaches beyond their scope', () => {
  const everything = ['get', 'edit', 'approve', 'refuse', 'withdraw', 'photo', 'add'] as const;
  it.each(everything)(
    'cannot %s an entry of which one zone is not theirs: it does not exist',
    async (step) => {
      const entry = await proposed(person(), { area: [zone('hall'), zone('vault')] });
      const guard = person('supervisor', ['hall']);
      const attempts = {
        get: () => governance.lists.get(guard, [north], entry.id),
        edit: () => governance.lists.edit(order(guard, entry), request()),
        approve: () => governance.lists.approve(order(guard, entry)),
        refuse: () => governance.lists.refuse(order(guard, entry, 'because')),
        withdraw: () => governance.lists.withdraw(order(guard, entry, 'because')),
        photo: () => governance.photos.view(guard, [north], entry.id, 0, 'because'),
        add: () => governance.photos.add(order(guard, entry), jpeg('x'), true),
      };
      expect(await refused(attempts[step]())).toBe('api.not_found');
      expect((await governance.lists.page(guard, [north], { limit: 50 })).entries).toEqual([]);
      expect((await governance.lists.page(person(), [north], { limit: 50 })).entries).toHaveLength(1);
    },
  );

  it('cannot widen an entry to a zone that is not theirs, nor make one there', async () => {
    const guard = person('supervisor', ['hall', 'gate']);
    const entry = await proposed(guard);
    const wider = request({ area: [zone('hall'), zone('vault')] });
    expect(await refused(governance.lists.edit(order(guard, entry), wider))).toBe(
      'list.zone_outside /area/1',
    );
    expect(await refused(governance.lists.create(guard, north, wider))).toBe('list.zone_outside /area/1');
  });

  it('is told of no look-alike that they may not see', async () => {
    const hidden = await governance.lists.create(person(), north, request({ area: [zone('vault')] }));
    await governance.photos.add(order(person(), hidden), jpeg('same'), false);
    const guard = person('supervisor', ['hall']);
    const own = await governance.lists.create(guard, north, request());
    expect((await governance.photos.add(order(guard, own), jpeg('same'), false)).duplicates).toEqual([]);
    const again = await governance.lists.create(person(), north, request());
    const { duplicates } = await governance.photos.add(order(person(), again), jpeg('same'), false);
    expect(duplicates).toHaveLength(2);
  });

  it('does not count as a second person when the first one made or reset their account', async () => {
    const [boss, invited, reset, other] = [person(), person(), person(), person()];
    for (const [who, invitedBy, resetBy] of [
      [invited, boss.account, null],
      [reset, other.account, boss.account],
      [other, null, null],
    ] as const)
      await sql`insert into account (id, name, password, invited_by, reset_by)
        values (${who.account}, ${who.name}, 'none', ${invitedBy}, ${resetBy})`.execute(store.db);
    const waiting = await proposed(boss);
    for (const who of [invited, reset])
      expect(await refused(governance.lists.approve(order(who, waiting)))).toBe('list.related_account');
    // Called otherwise since, it is the same account.
    await sql`update account set name = 'somebody else' where id = ${invited.account}`.execute(store.db);
    expect(await refused(governance.lists.approve(order({ ...invited, name: 'x' }, waiting)))).toBe(
      'list.related_account',
    );
    expect(await refused(governance.lists.approve(order({ ...boss, name: 'new name' }, waiting)))).toBe(
      'list.own_entry',
    );
    expect((await governance.lists.approve(order(other, waiting))).state).toBe('active');
  });

  it('has no approval left of before the entry was changed', async () => {
    const [anna, ben] = [person(), person()];
    const entry = await active();
    const edited = await governance.lists.edit(order(anna, entry), request({ area: [zone('vault')] }));
    expect(await refused(governance.lists.approve(order(ben, edited)))).toBe('list.state');
    const waiting = await governance.lists.propose(order(anna, edited));
    expect(await refused(governance.lists.approve(order(anna, waiting)))).toBe('list.own_entry');
    expect((await governance.lists.approve(order(ben, waiting))).state).toBe('active');
  });
});

describe('what gateways may match', () => {
  it('follows withdrawal at once, also while no gallery can be made', async () => {
    const [first, second] = [await active(), await active()];
    await reconciler.runOnce();
    const before = permits.published.get(north);
    expect(before).toMatchObject({
      gallery: expect.stringMatching(/^[0-9a-f]{64}$/),
      withdrawn: [],
      erase: [],
    });
    await governance.lists.withdraw(order(person(), first, 'order lifted'));
    enroller.failure = new Error('away');
    reconciler.changed();
    await reconciler.stop();
    expect(permits.published.get(north)).toMatchObject({ gallery: before?.gallery, withdrawn: [first.id] });
    enroller.failure = undefined;
    await new ListReconciler({
      ...{ db: store.db, site: north, permits, enroller, nowMs, logger: pino({ level: 'silent' }) },
      policy: defaultSiteListsPolicy,
    }).runOnce();
    const after = permits.published.get(north);
    expect([after?.withdrawn, after?.gallery === before?.gallery]).toEqual([[first.id], false]);
    expect(second.state).toBe('active');
  });

  it('ends by itself: entries expire, are erased, and their photos are destroyed', async () => {
    const entry = await active({ expires: at(10) });
    await reconciler.runOnce();
    clock.nowMs += 10 * dayMs - 1;
    await reconciler.runOnce();
    expect(permits.published.get(north)?.withdrawn).toEqual([]);
    clock.nowMs += 1;
    await reconciler.runOnce();
    expect(permits.published.get(north)).toMatchObject({ gallery: null, withdrawn: [entry.id], erase: [] });
    clock.nowMs += defaultSiteListsPolicy.eraseAfter;
    await reconciler.runOnce();
    expect(permits.published.get(north)?.erase).toEqual([{ entry: entry.id, since: at(0) }]);
    const [left] = await entriesIn(store.db, north, ['erased']);
    expect(left).toMatchObject({ label: '', reason: '', instruction: '', photos: 0 });
    await expect(enroller.photo(north, entry.id, 0)).rejects.toMatchObject({ code: 'api.not_found' });
    const actions = (await log())
      .filter(({ subject }) => subject?.id === entry.id)
      .map(({ action }) => action);
    expect(actions.slice(-2)).toEqual(['list_entry_expired', 'list_entry_erased']);
  });

  it('obeys the numbers of its site: signatures, longest end, what is due, when it is erased', async () => {
    const hourMs = 3_600_000;
    govern({
      ...{ signatures: { watch: 3, access: 1 }, longest: { watch: 20 * dayMs, access: 20 * dayMs } },
      ...{ dueWithin: 2 * dayMs, eraseAfter: hourMs },
    });
    const [anna, ben, cara] = [person(), person(), person()];
    expect(await refused(proposed(anna))).toBe('watchlist.incomplete /expires');
    const waiting = await proposed(anna, { expires: at(20), review: at(10) });
    const second = await governance.lists.approve(order(ben, waiting));
    expect(second).toMatchObject({ state: 'proposed', missing: ['approval'] });
    const entry = await governance.lists.approve(order(cara, second));
    expect(entry.state).toBe('active');
    const due = async () =>
      (await governance.lists.page(anna, [north], { due: 'true', limit: 10 })).entries.length;
    expect(await due()).toBe(0);
    clock.nowMs += 8 * dayMs + 1;
    expect(await due()).toBe(1);
    await governance.lists.withdraw(order(anna, entry, 'moved away'));
    clock.nowMs += hourMs - 1;
    await reconciler.runOnce();
    expect(await entriesIn(store.db, north, ['erased'])).toEqual([]);
    clock.nowMs += 1;
    await reconciler.runOnce();
    expect(await entriesIn(store.db, north, ['erased'])).toHaveLength(1);
  });

  it('says on the entry how far its erasure has come', async () => {
    const entry = await active();
    const gone = await governance.lists.withdraw(order(person(), entry, 'moved away'));
    await governance.lists.erase(order(person(), gone, 'asked for'));
    const holder = (gateway: string) => ({
      ...{ holder: randomUUID(), gateway, serial: 'A1', keys: null, since: at(0), revoked: null },
    });
    const [one, two] = [holder('edge1'), holder('edge2')];
    permits.records.set(north, {
      ...{ version: 1, holders: [one, two], rekey: [] },
      erasures: [
        {
          ...{ entry: entry.id, since: at(0), settled: null },
          receipts: [{ holder: one.holder, gateway: one.gateway, at: at(0) }],
        },
      ],
    } as never);
    expect((await governance.lists.get(person(), [north], entry.id)).erasure).toEqual({
      ...{ receipts: 1, of: 2, waitingFor: ['edge2'], settled: false },
    });
  });

  it('a site without lists gets no permit of ours', async () => {
    await reconciler.runOnce();
    expect(permits.published.size).toBe(0);
  });
});

describe('what is found', () => {
  it('by part of a label, in any script; the search is audited without what was searched', async () => {
    await governance.lists.create(person(), north, request());
    await governance.lists.create(person(), north, request({ label: 'Smith_%' }));
    const labels = async (search: string) =>
      (await governance.lists.page(person(), [north], { search, limit: 10 })).entries.map(
        ({ label }) => label,
      );
    expect(await labels('张三')).toEqual(['Zhang San 张三']);
    expect(await labels('zhang')).toEqual(['Zhang San 张三']);
    expect(await labels('%')).toEqual(['Smith_%']);
    expect(await labels('Nobody')).toEqual([]);
    const searches = (await log()).filter(({ action }) => action === 'list_searched');
    expect(searches.at(-1)).toMatchObject({ details: { letters: 6, entries: 0 } });
    expect(JSON.stringify(await log())).not.toMatch(/Nobody|Smith|Zhang|张三/);
  });

  it('page by page, each entry once; and what is due', async () => {
    for (let index = 0; index < 5; index += 1) {
      clock.nowMs += index % 2;
      await governance.lists.create(person(), north, request({ label: `entry ${index}` }));
    }
    const seen: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await governance.lists.page(person(), [north], {
        limit: 2,
        ...(cursor ? { cursor } : {}),
      });
      seen.push(...page.entries.map(({ label }) => label));
      if (page.next === null) break;
      cursor = page.next;
    }
    expect(seen.toSorted()).toEqual([0, 1, 2, 3, 4].map((index) => `entry ${index}`));
    await active({ label: 'later' });
    const soon = await active({ label: 'soon', review: at(7) });
    const due = await governance.lists.page(person(), [north], { due: 'true', limit: 10 });
    expect(due.entries.map(({ label }) => label)).toEqual(['soon']);
    await governance.lists.review(order(person(), soon, 'still needed'), at(60));
    expect((await governance.lists.page(person(), [north], { due: 'true', limit: 10 })).entries).toEqual([]);
  });

  it('no cell of an export is a formula', () => {
    for (const text of ['=1+1', '+1', '-1', '@sum', ' =1', '\t=1', '\uFF1D1'])
      expect(csvCell(text).replace(/^"/, '')).toMatch(/^'/);
    expect(csvCell('a, "b"\n')).toBe('"a, ""b""\n"');
    expect(csvCell('plain 文字')).toBe('plain 文字');
    expect(entriesAsCsv([])).toMatch(/^\uFEFFsite,entry,list,state,label,.*\r\n$/);
  });
});

it('every step is in the audit log, and the chain holds', async () => {
  const entry = await active();
  await governance.photos.view(person(), [north], entry.id, 0, 'is it her?');
  await governance.lists.withdraw(order(person(), entry, 'order lifted'));
  const entries = await log();
  const of = entries.filter(({ subject }) => subject?.id === entry.id);
  expect(of.map(({ action }) => action)).toEqual([
    ...['list_entry_edited', 'photo_added', 'list_entry_proposed', 'list_entry_approved'],
    ...['photo_viewed', 'list_entry_withdrawn'],
  ]);
  expect(of.map(({ reason }) => reason).filter(Boolean)).toEqual(['is it her?', 'order lifted']);
  const check = new ChainCheck();
  for (const one of entries) check.take(one);
  expect(check.end()).toBeUndefined();
});
