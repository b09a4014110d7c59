import { randomUUID } from 'node:crypto';
import { rolePermissions } from '@watchpost/contracts/api';
import { siteIdSchema, zoneIdSchema } from '@watchpost/contracts/wire';
import { createKeyRing } from '@watchpost/passes';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Person } from '../governance/person.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { Plates } from './plates.ts';

const north = siteIdSchema.parse('north');
const nowMs = () => Date.UTC(2026, 10, 27, 8);
let store: Store;
beforeAll(async () => {
  store = await openStore(await embeddedStore());
});
afterAll(() => store.close());

const platesOf = (domain: string | undefined, rings = new Map([[north as string, createKeyRing()]])) =>
  new Plates({
    ...{ db: store.db, nowMs, rings },
    sites: new Map([[north, { zones: new Set(['gate', 'stores']), domain }]]),
  });
const person = (zones: readonly string[] | null = null): Person => ({
  ...{ account: randomUUID(), name: 'anna' },
  sites: [
    {
      ...{ site: north, role: 'supervisor' as const, permissions: [...rolePermissions.supervisor] },
      zones: zones?.map((zone) => zoneIdSchema.parse(zone)) ?? null,
    },
  ],
});
const request = (zone = 'gate') => ({
  ...{ id: randomUUID(), zone: zoneIdSchema.parse(zone), address: 'B3', name: 'Block 3' },
});
const refused = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'done',
    ({ code }: { code?: string }) => code,
  );

it('without a host name or a key no plate is issued, and it is said what is missing', async () => {
  expect(await refused(platesOf(undefined).issue(person(), north, request()))).toBe('plate.no_domain');
  expect(await refused(platesOf('p.example', new Map()).issue(person(), north, request()))).toBe(
    'plate.no_key',
  );
});

it('what hangs in other zones is neither issued nor seen, and scans there are not counted', async () => {
  const plates = platesOf('p.example');
  const [here, there] = [
    await plates.issue(person(), north, request('gate')),
    await plates.issue(person(), north, request('stores')),
  ];
  for (const zone of ['gate', 'stores'])
    await sql`insert into event (time, received_at, id, site, gateway, epoch, seq, device, zone, type, concern,
      data, risk, risk_factors, rule_set, late) values (now(), now(), ${randomUUID()}, ${north}, 'edge1',
      ${'a'.repeat(32)}, ${zone.length}, 'cam1', ${zone}, 'watchpost.address.scanned.v1', 'none',
      ${JSON.stringify({ address: here.id, kid: 'k' })}, 0, '[]', 'r', false)`.execute(store.db);
  const narrow = person(['gate']);
  const page = await plates.page(narrow, [north], { limit: 10 });
  expect(page.plates.map(({ id, scans }) => [id, scans.count])).toEqual([[here.id, 1]]);
  expect((await plates.get({ person: person(), sites: [north], id: here.id })).scansSeen).toHaveLength(2);
  const asked = { person: narrow, sites: [north], id: there.id };
  expect(await refused(plates.get(asked))).toBe('api.not_found');
  expect(await refused(plates.retire(asked, 'because'))).toBe('api.not_found');
  for (const zone of ['stores', 'nowhere'])
    expect(await refused(plates.issue(narrow, north, request(zone)))).toBe('plate.zone_outside');
});
