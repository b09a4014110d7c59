import { parseListEntryRecord } from '@watchpost/contracts/lists';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { entriesIn } from '../store/list-store.ts';
import { jpeg, ListSite, north, order, person, refused, zone } from '../testing/list-site.ts';
import { ChainCheck } from './audit-chain.ts';
import { toRecord } from './list-view.ts';
import type { Person } from './person.ts';

let site: ListSite;
beforeAll(async () => {
  site = await ListSite.open();
});
afterAll(() => site.store.close());
beforeEach(() => site.begin());

describe('an entry', () => {
  it('is active once another person has approved it, and then a gateway may have its record', async () => {
    const [anna, ben] = [person(), person()];
    const draft = await site.governance.lists.create(anna, north, site.request());
    expect(draft).toMatchObject({
      state: 'draft',
      missing: ['photo', 'proposal', 'approval'],
      approvals: [],
    });
    expect(await refused(site.governance.lists.propose(order(anna, draft)))).toBe(
      'list.photo_missing /photos',
    );
    const { entry } = await site.governance.photos.add(order(anna, draft), jpeg('z'), false);
    const waiting = await site.governance.lists.propose(order(anna, entry));
    expect(waiting).toMatchObject({ state: 'proposed', missing: ['approval'] });
    expect(waiting.approvals).toMatchObject([{ account: anna.account }]);
    const done = await site.governance.lists.approve(order(ben, waiting));
    expect(done).toMatchObject({ state: 'active', missing: [], may: ['edit', 'withdraw', 'review'] });
    const [stored] = await entriesIn(site.store.db, north, ['active']);
    const record = stored && toRecord(stored);
    expect(
      parseListEntryRecord(record, site.nowMs)
        .approvals.map(({ by }) => by)
        .sort(),
    ).toEqual([anna.account, ben.account].sort());
  });

  it('of the access list needs one other person too', async () => {
    const anna = person();
    const waiting = await site.proposed(anna, { list: 'access' });
    expect(waiting.state).toBe('proposed');
    expect(await refused(site.governance.lists.approve(order(anna, waiting)))).toBe('list.own_entry');
    expect((await site.governance.lists.approve(order(person(), waiting))).state).toBe('active');
  });

  it('that somebody proposed who may not approve needs two others', async () => {
    const program: Person = person();
    const limited = {
      ...program,
      sites: program.sites.map((one) => ({ ...one, permissions: ['lists.read', 'lists.propose'] as const })),
    } as unknown as Person;
    const waiting = await site.proposed(limited);
    expect(waiting.approvals).toEqual([]);
    const ben = person();
    const once = await site.governance.lists.approve(order(ben, waiting));
    expect(once).toMatchObject({ state: 'proposed', missing: ['approval'] });
    expect(await refused(site.governance.lists.approve(order(ben, once)))).toBe('list.approved_already');
    expect((await site.governance.lists.approve(order(person(), once))).state).toBe('active');
  });

  it.each([
    ['a legal basis that says nothing', () => ({ legalBasis: ' - ' }), 'watchlist.incomplete /legalBasis'],
    ['an end in the past', () => ({ expires: site.at(-1) }), 'watchlist.incomplete /expires'],
    ['an end too far ahead', () => ({ expires: site.at(367) }), 'watchlist.incomplete /expires'],
    [
      'a zone that is none of the site',
      () => ({ area: [zone('hall'), zone('moon')] }),
      'list.zone_unknown /area/1',
    ],
  ])('with %s is not proposed', async (_, changed, code) => {
    expect(await refused(site.proposed(person(), changed()))).toBe(code);
  });

  it('whose content or photos change has no signatures any more, and matches nothing', async () => {
    const entry = await site.active();
    await site.reconciler.runOnce();
    const changed = await site.governance.lists.edit(
      order(person(), entry),
      site.request({ reason: 'another' }),
    );
    expect(changed).toMatchObject({ state: 'draft', approvals: [], missing: ['proposal', 'approval'] });
    site.reconciler.changed();
    await site.reconciler.stop();
    expect(site.permits.published.get(north)).toMatchObject({
      gallery: null,
      withdrawn: [entry.id],
      erase: [],
    });
    const waiting = await site.proposed(person());
    const more = await site.governance.photos.add(order(person(), waiting), jpeg('more'), false);
    expect(more.entry).toMatchObject({ state: 'draft', approvals: [], photos: 2 });
  });

  it('is changed by one of two who saw the same version', async () => {
    const waiting = await site.proposed(person());
    const both = await Promise.all(
      [person(), person()].map((who) =>
        refused(site.governance.lists.refuse(order(who, waiting, 'not clear'))),
      ),
    );
    expect(both.sort()).toEqual(['done', 'list.stale /version']);
  });
});

describe('who reaches beyond their scope', () => {
  const everything = ['get', 'edit', 'approve', 'refuse', 'withdraw', 'photo', 'add'] as const;
  it.each(everything)(
    'cannot %s an entry of which one zone is not theirs: it does not exist',
    async (step) => {
      const entry = await site.proposed(person(), { area: [zone('hall'), zone('vault')] });
      const guard = person('supervisor', ['hall']);
      const attempts = {
        get: () => site.governance.lists.get(guard, [north], entry.id),
        edit: () => site.governance.lists.edit(order(guard, entry), site.request()),
        approve: () => site.governance.lists.approve(order(guard, entry)),
        refuse: () => site.governance.lists.refuse(order(guard, entry, 'because')),
        withdraw: () => site.governance.lists.withdraw(order(guard, entry, 'because')),
        photo: () => site.governance.photos.view(guard, [north], entry.id, 0, 'because'),
        add: () => site.governance.photos.add(order(guard, entry), jpeg('x'), true),
      };
      expect(await refused(attempts[step]())).toBe('api.not_found');
      expect((await site.governance.lists.page(guard, [north], { limit: 50 })).entries).toEqual([]);
      expect((await site.governance.lists.page(person(), [north], { limit: 50 })).entries).toHaveLength(1);
    },
  );

  it('cannot widen an entry to a zone that is not theirs, nor make one there', async () => {
    const guard = person('supervisor', ['hall', 'gate']);
    const entry = await site.proposed(guard);
    const wider = site.request({ area: [zone('hall'), zone('vault')] });
    expect(await refused(site.governance.lists.edit(order(guard, entry), wider))).toBe(
      'list.zone_outside /area/1',
    );
    expect(await refused(site.governance.lists.create(guard, north, wider))).toBe(
      'list.zone_outside /area/1',
    );
  });

  it('is told of no look-alike that they may not see', async () => {
    const hidden = await site.governance.lists.create(
      person(),
      north,
      site.request({ area: [zone('vault')] }),
    );
    await site.governance.photos.add(order(person(), hidden), jpeg('same'), false);
    const guard = person('supervisor', ['hall']);
    const own = await site.governance.lists.create(guard, north, site.request());
    expect((await site.governance.photos.add(order(guard, own), jpeg('same'), false)).duplicates).toEqual([]);
    const again = await site.governance.lists.create(person(), north, site.request());
    const { duplicates } = await site.governance.photos.add(order(person(), again), jpeg('same'), false);
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
        values (${who.account}, ${who.name}, 'none', ${invitedBy}, ${resetBy})`.execute(site.store.db);
    const waiting = await site.proposed(boss);
    for (const who of [invited, reset])
      expect(await refused(site.governance.lists.approve(order(who, waiting)))).toBe('list.related_account');
    // Called otherwise since, it is the same account.
    await sql`update account set name = 'somebody else' where id = ${invited.account}`.execute(site.store.db);
    expect(await refused(site.governance.lists.approve(order({ ...invited, name: 'x' }, waiting)))).toBe(
      'list.related_account',
    );
    expect(await refused(site.governance.lists.approve(order({ ...boss, name: 'new name' }, waiting)))).toBe(
      'list.own_entry',
    );
    expect((await site.governance.lists.approve(order(other, waiting))).state).toBe('active');
  });

  it('has no approval left of before the entry was changed', async () => {
    const [anna, ben] = [person(), person()];
    const entry = await site.active();
    const edited = await site.governance.lists.edit(
      order(anna, entry),
      site.request({ area: [zone('vault')] }),
    );
    expect(await refused(site.governance.lists.approve(order(ben, edited)))).toBe('list.state');
    const waiting = await site.governance.lists.propose(order(anna, edited));
    expect(await refused(site.governance.lists.approve(order(anna, waiting)))).toBe('list.own_entry');
    expect((await site.governance.lists.approve(order(ben, waiting))).state).toBe('active');
  });
});

it('every step is in the audit log, and the chain holds', async () => {
  const entry = await site.active();
  await site.governance.photos.view(person(), [north], entry.id, 0, 'is it her?');
  await site.governance.lists.withdraw(order(person(), entry, 'order lifted'));
  const entries = await site.log();
  const of = entries.filter(({ subject }) => subject?.id === entry.id);
  expect(of.map(({ action }) => action)).toEqual([
    // Begun, what it changed, finished.
    ...['list_entry_edited', 'photo_added', 'photo_added', 'photo_added'],
    ...['list_entry_proposed', 'list_entry_approved', 'photo_viewed', 'list_entry_withdrawn'],
  ]);
  expect(of.map(({ reason }) => reason).filter(Boolean)).toEqual(['is it her?', 'order lifted']);
  const check = new ChainCheck();
  for (const one of entries) check.take(one);
  expect(check.end()).toBeUndefined();
});
