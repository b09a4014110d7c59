import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { administrator, type ManagedSite } from './managed-site.ts';

/** Fills a site, so that every page of who manages shows something. */
export async function fillManagedSite(site: ManagedSite): Promise<void> {
  await site.person('a.person.with.a.rather.long.name', 'officer', ['gate']);
  const { context, page } = await site.windowOf(administrator);
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const answer = await page.request.post(site.at('/api/v1/lists?site=park'), {
    data: {
      ...{ list: 'watch', label: 'Somebody who was told to stay away', legalBasis: 'House rules, 4' },
      ...{ authority: 'Site management', purpose: 'Keeping the ban', reason: 'Threatened staff' },
      ...{ instruction: 'Call the supervisor.', area: ['gate'], expires: day(90), review: day(20) },
    },
  });
  expect(answer.status()).toBe(200);
  const made = async (path: string, data: object) =>
    expect((await page.request.post(site.at(`/api/v1${path}`), { data })).status(), path).toBe(200);
  const scopes = [{ site: 'park', role: 'officer', zones: null }];
  await made('/accounts', { name: 'turnstile', kind: 'service', scopes });
  await made('/passes?site=park', {
    ...{ id: randomUUID(), gates: ['gate'], purpose: 'work', reference: 'WO-4711', maxUses: 3 },
    ...{ address: 'B3-2-1204', notAfter: day(3) },
  });
  await made('/plates?site=park', {
    ...{ id: randomUUID(), zone: 'gate', address: 'B3-2-1204' },
    name: 'Block 3, entrance 2, flat 1204, Riverside Gardens',
  });
  await planDuty(site, page);
  await askForHelp(site, page);
  await context.close();
}

/** A department with a unit of the administrator, which has a task. */
async function askForHelp(site: ManagedSite, page: Page): Promise<void> {
  const post = async (path: string, data: object) => {
    const answer = await page.request.post(site.at(`/api/v1/response/${path}`), { data });
    expect([path, answer.status(), answer.status() === 200 ? '' : await answer.text()]).toEqual([
      path,
      200,
      '',
    ]);
  };
  const read = async (path: string) => (await page.request.get(site.at(`/api/v1/${path}`))).json();
  const { account } = await read('session');
  const [department, unit] = [randomUUID(), randomUUID()];
  await post('departments?site=park', {
    ...{ id: department, kind: 'fire', name: 'Fire brigade of the northern districts', zones: null },
    ...{ concerns: null, receiver: null, dispatchers: [account] },
  });
  const name = 'Engine 1 with ladder and rescue platform';
  await post(`departments/${department}/units`, { id: unit, name, duty: 'always', members: [account] });
  const { alerts } = await read('alerts');
  const note = 'Smoke in the hall, the gate is open.';
  await post('offers', { id: randomUUID(), subject: alerts[0].id, department, units: [unit], note });
}

/** A rota with a hole in it, a hand-over that waits for its second signature, and a silence for its own. */
async function planDuty(site: ManagedSite, page: Page): Promise<void> {
  const post = async (path: string, data: object) => {
    const answer = await page.request.post(site.at(`/api/v1/duty/${path}?site=park`), { data });
    expect([path, answer.status()]).toEqual([path, 200]);
  };
  const found = await page.request.get(site.at('/api/v1/duty/people?site=park'));
  const { people } = (await found.json()) as { people: { id: string; name: string }[] };
  const [taker, giver] = people.map(({ id }) => id);
  const rota = randomUUID();
  const rotation = { since: '2026-01-05', unit: 'week', every: 1, people: [giver] };
  const days = { kind: 'weekdays', weekdays: [1, 2, 3, 4, 5, 6, 7] };
  await post('rotas', {
    ...{ id: rota, name: 'Night watch of the park and of its gates', coverage: 'always', holidays: false },
    layers: [{ name: 'Round the clock', days, from: '08:00', to: '08:00', rotation }],
  });
  const at = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString();
  await post('exceptions', {
    ...{ id: randomUUID(), rota, kind: 'temporary', reason: 'trade fair', from: at(2), until: at(3) },
    shifts: [],
  });
  await post('handovers', { id: randomUUID(), rota, notes: 'Key 7 is at the desk.', taker });
  const data = {
    ...{ id: randomUUID(), until: at(1), reason: 'The fence along the northern car park is painted.' },
    match: { highest: 'critical', danger: true },
    hours: { weekdays: [1, 2, 3, 4, 5, 6, 7], from: '08:00', to: '18:00' },
  };
  const silenced = await page.request.post(site.at('/api/v1/silences?site=park'), { data });
  expect(silenced.status()).toBe(200);
}
