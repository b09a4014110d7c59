import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { entriesIn } from '../store/list-store.ts';
import { dayMs, ListSite, north, order, person, refused } from '../testing/list-site.ts';
import { defaultSiteListsPolicy } from './policy.ts';

let site: ListSite;
beforeAll(async () => {
  site = await ListSite.open();
});
afterAll(() => site.store.close());
beforeEach(() => site.begin());

describe('what gateways may match', () => {
  it('follows withdrawal at once, also while no gallery can be made', async () => {
    const [first, second] = [await site.active(), await site.active()];
    await site.reconciler.runOnce();
    const before = site.permits.published.get(north);
    expect(before).toMatchObject({
      gallery: expect.stringMatching(/^[0-9a-f]{64}$/),
      withdrawn: [],
      erase: [],
    });
    await site.governance.lists.withdraw(order(person(), first, 'order lifted'));
    site.enroller.failure = new Error('away');
    site.reconciler.changed();
    await site.reconciler.stop();
    expect(site.permits.published.get(north)).toMatchObject({
      gallery: before?.gallery,
      withdrawn: [first.id],
    });
    site.enroller.failure = undefined;
    await site.newReconciler().runOnce();
    const after = site.permits.published.get(north);
    expect([after?.withdrawn, after?.gallery === before?.gallery]).toEqual([[first.id], false]);
    expect(second.state).toBe('active');
  });

  it('ends by itself: entries expire, are erased, and their photos are destroyed', async () => {
    const entry = await site.active({ expires: site.at(10) });
    await site.reconciler.runOnce();
    site.nowMs += 10 * dayMs - 1;
    await site.reconciler.runOnce();
    expect(site.permits.published.get(north)?.withdrawn).toEqual([]);
    site.nowMs += 1;
    await site.reconciler.runOnce();
    expect(site.permits.published.get(north)).toMatchObject({
      gallery: null,
      withdrawn: [entry.id],
      erase: [],
    });
    site.nowMs += defaultSiteListsPolicy.eraseAfter;
    await site.reconciler.runOnce();
    expect(site.permits.published.get(north)?.erase).toEqual([{ entry: entry.id, since: site.at(0) }]);
    const [left] = await entriesIn(site.store.db, north, ['erased']);
    expect(left).toMatchObject({ label: '', reason: '', instruction: '', photos: 0 });
    await expect(site.enroller.photo(north, entry.id, 0)).rejects.toMatchObject({ code: 'api.not_found' });
    const actions = (await site.log())
      .filter(({ subject }) => subject?.id === entry.id)
      .map(({ action }) => action);
    expect(actions.slice(-2)).toEqual(['list_entry_expired', 'list_entry_erased']);
  });

  it('obeys the numbers of its site: signatures, longest end, what is due, when it is erased', async () => {
    const hourMs = 3_600_000;
    site.govern({
      ...{ signatures: { watch: 3, access: 1 }, longest: { watch: 20 * dayMs, access: 20 * dayMs } },
      ...{ dueWithin: 2 * dayMs, eraseAfter: hourMs },
    });
    const [anna, ben, cara] = [person(), person(), person()];
    expect(await refused(site.proposed(anna))).toBe('watchlist.incomplete /expires');
    const waiting = await site.proposed(anna, { expires: site.at(20), review: site.at(10) });
    const second = await site.governance.lists.approve(order(ben, waiting));
    expect(second).toMatchObject({ state: 'proposed', missing: ['approval'] });
    const entry = await site.governance.lists.approve(order(cara, second));
    expect(entry.state).toBe('active');
    const due = async () =>
      (await site.governance.lists.page(anna, [north], { due: 'true', limit: 10 })).entries.length;
    expect(await due()).toBe(0);
    site.nowMs += 8 * dayMs + 1;
    expect(await due()).toBe(1);
    await site.governance.lists.withdraw(order(anna, entry, 'moved away'));
    site.nowMs += hourMs - 1;
    await site.reconciler.runOnce();
    expect(await entriesIn(site.store.db, north, ['erased'])).toEqual([]);
    site.nowMs += 1;
    await site.reconciler.runOnce();
    expect(await entriesIn(site.store.db, north, ['erased'])).toHaveLength(1);
  });

  it('says on the entry how far its erasure has come', async () => {
    const entry = await site.active();
    const gone = await site.governance.lists.withdraw(order(person(), entry, 'moved away'));
    await site.governance.lists.erase(order(person(), gone, 'asked for'));
    const holder = (gateway: string) => ({
      ...{ holder: randomUUID(), gateway, serial: 'A1', keys: null, since: site.at(0), revoked: null },
    });
    const [one, two] = [holder('edge1'), holder('edge2')];
    site.permits.records.set(north, {
      ...{ version: 1, holders: [one, two], rekey: [] },
      erasures: [
        {
          ...{ entry: entry.id, since: site.at(0), settled: null },
          receipts: [{ holder: one.holder, gateway: one.gateway, at: site.at(0) }],
        },
      ],
    } as never);
    expect((await site.governance.lists.get(person(), [north], entry.id)).erasure).toEqual({
      ...{ receipts: 1, of: 2, waitingFor: ['edge2'], settled: false },
    });
  });

  it('a site without lists gets no permit of ours', async () => {
    await site.reconciler.runOnce();
    expect(site.permits.published.size).toBe(0);
  });
});
