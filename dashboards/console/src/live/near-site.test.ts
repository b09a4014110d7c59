import { describe, expect, it } from 'vitest';
import { ApiProblem } from '../api/ask.ts';
import { NearSite, type NearSiteOptions } from './near-site.ts';

const problem = new ApiProblem('store.unreachable', '', 503);
const heatOf = (site: string | null) => ({ time: `heat of ${site}`, cells: [] });
const rejectsOf = (site: string | null) => ({ time: `rejects of ${site}`, counts: {}, newest: [] });
const settled = () => new Promise((resolve) => setTimeout(resolve));

function looking(parts: object = {}) {
  const said: unknown[] = [];
  const api = {
    heat: async (site: string | null) => heatOf(site),
    rejects: async (site: string | null) => rejectsOf(site),
    ...parts,
  } as unknown as NearSiteOptions['api'];
  const near = new NearSite('north', {
    api,
    named: (site) => site,
    readsRejects: (site) => site !== 'shut',
    onHeat: (heat) => said.push(heat),
    onRejects: (rejects) => said.push(rejects),
    onProblem: (failure) => said.push(failure),
  });
  return { near, said };
}

describe('the site that is looked at', () => {
  it('has its map and its refused messages, these for who may read them', async () => {
    const { near, said } = looking();
    await near.load();
    await settled();
    expect(said).toEqual([heatOf('north'), rejectsOf('north')]);
    near.stop();
    const other = looking();
    expect(other.near.move('shut')).toBe(true);
    await other.near.load();
    await settled();
    expect(other.said).toEqual([null, null, heatOf('shut'), null]);
    other.near.stop();
  });

  it('shows nothing of a site that is no longer looked at', async () => {
    let answer = (_: unknown) => {};
    const late = (site: string | null) =>
      site === 'north' ? new Promise((resolve) => (answer = resolve)) : Promise.resolve(rejectsOf(site));
    const { near, said } = looking({ rejects: late, heat: () => new Promise(() => {}) });
    const first = near.load();
    expect([near.move('south'), near.move('south')]).toEqual([true, false]);
    answer(rejectsOf('north'));
    await first;
    await near.load();
    expect(said).toEqual([null, null, rejectsOf('south')]);
    near.stop();
  });

  it('turns to the map of another plan at once, and shows none of the one before', async () => {
    const answers: (() => void)[] = [];
    const { near, said } = looking({
      heat: (_site: string | null, plan: string | null) =>
        new Promise((resolve) => answers.push(() => resolve(heatOf(plan)))),
    });
    near.heatChanged('north');
    near.turn('first');
    near.turn('first');
    expect(answers).toHaveLength(2);
    for (const answer of answers) answer();
    await settled();
    expect(said).toEqual([null, heatOf('first')]);
    near.stop();
  });

  it('says when one cannot be loaded: the map to its listener, the messages to who asked', async () => {
    const { near, said } = looking({
      heat: () => Promise.reject(problem),
      rejects: () => Promise.reject(problem),
    });
    await expect(near.load()).rejects.toBe(problem);
    await settled();
    expect(said).toEqual([problem]);
    near.stop();
  });

  it('asks for the map again when that of this site changed, not for another’s', async () => {
    let maps = 0;
    const { near } = looking({
      heat: () => {
        maps += 1;
        return Promise.resolve(heatOf('north'));
      },
    });
    near.heatChanged('south');
    expect(maps).toBe(0);
    near.heatChanged('north');
    await settled();
    expect(maps).toBe(1);
    near.stop();
  });
});
