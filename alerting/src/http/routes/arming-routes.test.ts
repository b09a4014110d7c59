import { randomUUID } from 'node:crypto';
import { armingAreaViewSchema, armingListSchema, armingStepListSchema } from '@watchpost/contracts/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeOf } from '../../testing/http-client.ts';
import { HttpSite } from '../../testing/http-site.ts';

let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.open();
  // The door has said that it is closed.
  const now = new Date(site.clock.nowMs).toISOString();
  await sql`insert into device_condition (site, device, kind, active, at, received_at, event)
    values ('test', 'door1', 'door', false, ${now}, ${now}, '{}')`.execute(site.store.db);
});
afterAll(() => site.close());

type Role = Parameters<HttpSite['ask']>[2];
const list = async (role: Role = 'officer') =>
  armingListSchema.parse((await site.ask('GET', '/api/v1/arming', role)).json());
const post = (what: string, body: object, role: Role = 'officer') =>
  site.ask('POST', `/api/v1/arming/house/${what}`, role, { id: randomUUID(), ...body });

it('an area is shown with its modes, what keeps it from being armed, and who did what', async () => {
  const [house] = (await list('viewer')).areas;
  expect(house).toMatchObject({ area: 'house', phase: 'disarmed', version: 0, needsCode: false });
  expect(house?.modes.map(({ mode, problems }) => [mode, problems])).toEqual([
    ['away', []],
    ['night', []],
  ]);
  const id = randomUUID();
  const first = await post('arm', { id, mode: 'away', version: 0 });
  expect(armingAreaViewSchema.parse(first.json())).toMatchObject({ phase: 'exit', by: 'officer' });
  // A repeat changes nothing.
  expect((await post('arm', { id, mode: 'away', version: 0 })).json()).toEqual(first.json());
  expect(codeOf(await post('arm', { mode: 'night', version: 0 }, 'supervisor'))).toBe('arming.changed');
  expect(codeOf(await post('arm', { mode: 'home' }))).toBe('arming.no_mode');
  expect(codeOf(await post('arm', { mode: 'away' }, 'viewer'))).toBe('api.forbidden');
  expect(codeOf(await post('bypass', { device: 'cam1', until: 'once' }))).toBe('arming.unknown_device');
  expect((await post('disarm', {})).json()).toMatchObject({ phase: 'disarmed' });
  const { steps } = armingStepListSchema.parse(
    (await site.ask('GET', '/api/v1/arming/house/steps', 'viewer')).json(),
  );
  expect(steps.map(({ step, by }) => `${step} ${by}`)).toEqual(['disarm officer', 'arm officer']);
  const audit = await site.ask('GET', '/api/v1/audit?subject=house', 'auditor');
  const said = (audit.json() as { entries: { action: string }[] }).entries.map(({ action }) => action);
  expect(said).toEqual(expect.arrayContaining(['area_armed', 'area_disarmed']));
});

it('a code is set by its person, is wrong a few times only, and is no row', async () => {
  const set = (code: string, duress: string | null = null) =>
    site.ask('PUT', '/api/v1/arming/code', 'officer', { code, duress });
  expect(codeOf(await set('1234'))).toBe('arming.code_unfit');
  expect(codeOf(await set('2580', '2580'))).toBe('arming.code_unfit');
  // Who sees the zone of silent alarms would see their own.
  expect(codeOf(await set('2580', '1379'))).toBe('arming.duress_seen');
  expect((await set('2580')).statusCode).toBe(204);
  expect((await list()).ownCode).toBe(true);
  const stored = await site.store.db.selectFrom('arming_code').selectAll().execute();
  expect(JSON.stringify(stored)).not.toContain('2580');
  const codes: (string | undefined)[] = [];
  for (let tries = 0; tries < 6; tries++) codes.push(codeOf(await post('disarm', { code: '9999' })));
  expect(codes.slice(0, 5)).toEqual(Array(5).fill('arming.code_wrong'));
  expect(codes[5]).toBe('arming.code_slowed');
});
