import { randomUUID } from 'node:crypto';
import { auditPageSchema, type Plate, platePageSchema, plateSchema } from '@watchpost/contracts/api';
import { gateKeys, verifyPass, verifyPlate } from '@watchpost/passes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../../testing/http-client.ts';
import { HttpSite } from '../../testing/http-site.ts';
import { wireEvent } from '../../testing/test-events.ts';

let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.open();
});
afterAll(() => site.close());

const request = (changed: object = {}) => ({
  ...{ id: randomUUID(), zone: 'gate', address: 'B3-2-1204', name: 'Block 3, entrance 2, flat 1204' },
  ...changed,
});
const issue = async (changed: object = {}): Promise<Plate> =>
  plateSchema.parse((await site.ask('POST', '/api/v1/plates', 'supervisor', request(changed))).json());
const listed = async (query = '') =>
  platePageSchema.parse((await site.ask('GET', `/api/v1/plates${query}`, 'officer')).json());
let seq = 1;
const scan = (address: string, device = 'cam1') =>
  site.take([
    wireEvent({
      ...{ type: 'watchpost.address.scanned.v1', data: { address, kid: 'k1' }, device },
      ...{ epoch: 'd'.repeat(32), seq: seq++, time: new Date(site.clock.nowMs).toISOString() },
    }),
  ]);

it('a plate says its id under the host of the site, signed, and nothing else; it is no pass', async () => {
  const plate = await issue();
  expect(plate).toMatchObject({ state: 'good', scans: { count: 0, newest: null }, retired: null });
  const keys = gateKeys(site.plateRing);
  expect(verifyPlate(plate.text, { keys, domain: 'plates.example' })).toMatchObject({
    ...{ outcome: 'accepted', domain: 'plates.example', id: plate.id },
  });
  expect(plate.text).not.toMatch(/B3|1204|gate/);
  expect(verifyPass(plate.text, { keys, audience: 'gate', now: site.clock.nowMs }).outcome).toBe('rejected');
});

it('a repeated request has the first answer, and an id serves one plate', async () => {
  const one = request();
  const answers = [
    await site.ask('POST', '/api/v1/plates', 'supervisor', one),
    await site.ask('POST', '/api/v1/plates', 'supervisor', one),
    await site.ask('POST', '/api/v1/plates', 'supervisor', { ...one, name: 'Block 4' }),
  ];
  expect(answers[1]?.json()).toEqual(answers[0]?.json());
  expect(answers[2] && [codeOf(answers[2]), answers[2].json().path]).toEqual(['api.invalid', '/id']);
});

it.each([
  [{ zone: 'nowhere' }, 422, 'plate.zone_unknown'],
  [{ address: 'Block 3' }, 400, 'api.invalid'],
  [{ name: '' }, 400, 'api.invalid'],
  [{ id: 'unit-1' }, 400, 'api.invalid'],
  [{ person: 'Anna Schmidt' }, 400, 'api.invalid'],
])('%j is refused with %i %s', async (changed, status, code) => {
  const answer = await site.ask('POST', '/api/v1/plates', 'supervisor', request(changed));
  expect([answer.statusCode, codeOf(answer)]).toEqual([status, code]);
});

it('its scans are counted by what gateways reported, and shown with where', async () => {
  const [plate, other] = [await issue({ name: 'Read twice' }), await issue({ name: 'Read once' })];
  await scan(plate.id);
  await scan(plate.id);
  await scan(other.id);
  await scan('unit-of-somebody-else');
  const { plates } = await listed();
  const scansOf = (id: string) => plates.find((one) => one.id === id)?.scans.count;
  expect([scansOf(plate.id), scansOf(other.id)]).toEqual([2, 1]);
  const one = plateSchema.parse((await site.ask('GET', `/api/v1/plates/${plate.id}`, 'officer')).json());
  expect(one.scansSeen.map(({ device, zone }) => [device, zone])).toEqual([
    ['cam1', 'gate'],
    ['cam1', 'gate'],
  ]);
  expect(one.scans.newest).toBe(new Date(site.clock.nowMs).toISOString());
});

it('one that is retired stays in the list as that, with who and why; each step is in the audit log', async () => {
  const { id } = await issue({ name: 'Taken down' });
  const retire = () => site.ask('POST', `/api/v1/plates/${id}/retire`, 'integrator', { reason: 'new door' });
  const first = plateSchema.parse((await retire()).json());
  expect(first).toMatchObject({ state: 'retired', retired: { by: 'integrator', reason: 'new door' } });
  site.clock.nowMs += 1_000;
  expect((await retire()).json()).toEqual(first);
  expect((await listed('?state=retired')).plates.map((plate) => plate.id)).toEqual([id]);
  expect((await listed('?state=good')).plates.map((plate) => plate.id)).not.toContain(id);
  const log = auditPageSchema.parse((await site.ask('GET', `/api/v1/audit?subject=${id}`, 'admin')).json());
  expect(log.entries.map(({ action, reason }) => [action, reason])).toEqual([
    ['plate_retired', 'new door'],
    ['plate_issued', null],
  ]);
});

it('a list goes on where its page ended', async () => {
  await issue();
  const all = (await listed()).plates.map(({ id }) => id);
  const seen: string[] = [];
  for (let next: string | null = ''; next !== null; ) {
    const page = await listed(`?limit=2${next === '' ? '' : `&cursor=${encodeURIComponent(next)}`}`);
    seen.push(...page.plates.map(({ id }) => id));
    next = page.next;
  }
  expect(seen).toEqual(all);
  expect(codeOf(await site.ask('GET', '/api/v1/plates?cursor=x', 'officer'))).toBe('api.invalid');
});

describe('the address of a plate, opened with a phone', () => {
  const open = (address: string, language = 'de', host = 'plates.example') =>
    site.ask('GET', address, undefined, undefined, {
      host,
      accept: 'text/html',
      'accept-language': language,
    });
  const pathOf = ({ text }: Pick<Plate, 'text'>) => text.slice(text.indexOf('/a/'));

  it('says without a log-in that it is genuine and bears this number, in both languages, and nothing else', async () => {
    const plate = await issue();
    const english = await open(pathOf(plate));
    expect([english.statusCode, english.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(english.body).toMatch(/genuine address plate.*这是真实的地址门牌/);
    const chinese = await open(pathOf(plate), 'zh-CN,zh;q=0.9');
    expect(chinese.body).toMatch(/<html lang="zh-CN">.*这是真实的地址门牌.*genuine address plate/);
    expect(english.body.split(plate.id)).toHaveLength(3);
    expect(english.body).not.toMatch(/B3|1204|Block|gate|<script/);
    // By whichever name the server is reached, and when it hangs no more: that is nobody’s business.
    expect((await open(pathOf(plate), 'en', '127.0.0.1:8080')).statusCode).toBe(200);
    await site.ask('POST', `/api/v1/plates/${plate.id}/retire`, 'supervisor', { reason: 'moved away' });
    expect((await open(pathOf(plate))).statusCode).toBe(200);
  });

  it.each([
    ['another number', (path: string) => path.replace(/\/a\/../, '/a/xx')],
    ['another signature', (path: string) => path.replace(/s=../, 's=AA')],
    ['no signature', (path: string) => path.replace(/\?.*/, '')],
    ['a script', () => '/a/%3Cscript%3Ealert(1)%3C%2Fscript%3E?k=k&s=s'],
  ])('says of one with %s that it is none of ours, and repeats nothing of it', async (_what, forged) => {
    const path = forged(pathOf(await issue()));
    const answer = await open(path);
    expect(answer.statusCode).toBe(404);
    expect(answer.body).toMatch(/none of our address plates.*这不是我们的门牌/);
    expect(answer.body).not.toMatch(/<code>|<script/);
  });

  it('is asked so often a minute and no more', async () => {
    const plate = await issue();
    const answers = await Promise.all(Array.from({ length: 70 }, () => open(pathOf(plate))));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toContain(429);
  });
});
