import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ListSite, north, order, person } from '../testing/list-site.ts';
import { csvCell, entriesAsCsv } from './list-export.ts';

let site: ListSite;
beforeAll(async () => {
  site = await ListSite.open();
});
afterAll(() => site.store.close());
beforeEach(() => site.begin());

describe('what is found', () => {
  it('by part of a label, in any script; the search is audited without what was searched', async () => {
    await site.governance.lists.create(person(), north, site.request());
    await site.governance.lists.create(person(), north, site.request({ label: 'Smith_%' }));
    const labels = async (search: string) =>
      (await site.governance.lists.page(person(), [north], { search, limit: 10 })).entries.map(
        ({ label }) => label,
      );
    expect(await labels('张三')).toEqual(['Zhang San 张三']);
    expect(await labels('zhang')).toEqual(['Zhang San 张三']);
    expect(await labels('%')).toEqual(['Smith_%']);
    expect(await labels('Nobody')).toEqual([]);
    const searches = (await site.log()).filter(({ action }) => action === 'list_searched');
    expect(searches.at(-1)).toMatchObject({ details: { letters: 6, entries: 0 } });
    expect(JSON.stringify(await site.log())).not.toMatch(/Nobody|Smith|Zhang|张三/);
  });

  it('page by page, each entry once; and what is due', async () => {
    for (let index = 0; index < 5; index += 1) {
      site.nowMs += index % 2;
      await site.governance.lists.create(person(), north, site.request({ label: `entry ${index}` }));
    }
    const seen: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await site.governance.lists.page(person(), [north], {
        limit: 2,
        ...(cursor ? { cursor } : {}),
      });
      seen.push(...page.entries.map(({ label }) => label));
      if (page.next === null) break;
      cursor = page.next;
    }
    expect(seen.toSorted()).toEqual([0, 1, 2, 3, 4].map((index) => `entry ${index}`));
    await site.active({ label: 'later' });
    const soon = await site.active({ label: 'soon', review: site.at(7) });
    const due = await site.governance.lists.page(person(), [north], { due: 'true', limit: 10 });
    expect(due.entries.map(({ label }) => label)).toEqual(['soon']);
    await site.governance.lists.review(order(person(), soon, 'still needed'), site.at(60));
    expect((await site.governance.lists.page(person(), [north], { due: 'true', limit: 10 })).entries).toEqual(
      [],
    );
  });

  it('no cell of an export is a formula', () => {
    for (const text of ['=1+1', '+1', '-1', '@sum', ' =1', '\t=1', '\uFF1D1'])
      expect(csvCell(text).replace(/^"/, '')).toMatch(/^'/);
    expect(csvCell('a, "b"\n')).toBe('"a, ""b""\n"');
    expect(csvCell('plain 文字')).toBe('plain 文字');
    expect(entriesAsCsv([])).toMatch(/^\uFEFFsite,entry,list,state,label,.*\r\n$/);
  });
});
