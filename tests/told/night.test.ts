import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ChannelAddress,
  type Handover,
  type IncidentPage,
  type IncidentView,
  sentNoticeSchema,
  type Timeline,
  type TimelineEntry,
} from '@watchpost/contracts/api';
import { siteSchema } from '@watchpost/contracts/site';
import { sourceOf } from '@watchpost/contracts/wire';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AlertingService, startAlerting } from '../../alerting/src/index.ts';
import { MailServer } from '../../alerting/src/testing/mail-server.ts';
import { Listener, TestBroker } from '../../alerting/src/testing/test-broker.ts';
import { testSite } from '../../alerting/src/testing/test-site.ts';
import { WebReceiver } from '../../alerting/src/testing/web-receiver.ts';
import { MovedClock } from '../support/moved-clock.ts';
import { waitFor } from '../support/wait-for.ts';

// One night of a site in minutes: three shifts, two departments, a storm, a mail server that fails, a restart
// of everything, an acknowledgement that is forgotten.

const minuteMs = 60_000;
/** A wall time of that night at the site, whose clock is eight hours ahead of UTC. */
const at = (day: 27 | 28, clock: string) => Date.parse(`2026-11-${day}T${clock}:00+08:00`);
const people = ['ana', 'ben', 'cai', 'dora', 'admin'] as const;
type Name = (typeof people)[number];
const password = 'a night at the gate';

/** Panes of the store room, each with a sensor: enough for a storm. */
const panes = Array.from({ length: 40 }, (_, index) => `pane${index}`);
const site = siteSchema.parse({
  ...testSite,
  devices: [
    ...testSite.devices,
    ...panes.map((id, index) => ({
      ...{ id, gateway: 'edge1', kind: 'door_contact', profile: 'test', zone: 'stores' },
      ...{ name: { en: id, 'zh-CN': id }, at: [31 + (index % 8), 2 + Math.floor(index / 8)] },
      reports: ['sensor.glass_break'],
    })),
  ],
});

const folder = mkdtempSync(join(tmpdir(), 'night-'));
const secretsFolder = mkdtempSync(join(tmpdir(), 'night-secrets-'));
const broker = new TestBroker();
let clock: MovedClock;
let mail: MailServer;
let guardroom: WebReceiver;
let fireHook: WebReceiver;
let policeHook: WebReceiver;
let service: AlertingService;
let gateway: Listener;
const cookies = new Map<Name, string>();
const accounts = new Map<string, string>();
const receivers = new Map<string, string>();

async function start(): Promise<void> {
  service = await startAlerting({
    sites: [{ site }],
    store: { kind: 'embedded', folder },
    broker: { url: broker.url },
    http: { host: '127.0.0.1', port: 0 },
    accounts: people.map((user) => ({
      ...{ user, password },
      role: user === 'admin' ? 'admin' : user === 'dora' ? 'supervisor' : 'officer',
    })),
    channels: {
      ...{ secretsFolder, allowNetworks: ['127.0.0.1'] },
      mail: { host: '127.0.0.1', port: mail.port, security: 'none', from: 'alarm@watch.example' },
    },
  });
  cookies.clear();
}

async function ask<T>(who: Name, method: string, path: string, body?: unknown): Promise<T> {
  const send = (cookie: string, what: string, how: string, content?: unknown) =>
    fetch(`${service.address}/api/v1/${what}`, {
      method: how,
      headers: { cookie, ...(content === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(content === undefined ? {} : { body: JSON.stringify(content) }),
    });
  const logIn = async () => {
    const session = await send('', 'session', 'POST', { user: who, password });
    cookies.set(who, session.headers.getSetCookie()[0]?.split(';')[0] ?? '');
  };
  if (!cookies.has(who)) await logIn();
  let answer = await send(cookies.get(who) ?? '', path, method, body);
  // Nobody was at the console for hours: the session has ended.
  if (answer.status === 401) {
    await logIn();
    answer = await send(cookies.get(who) ?? '', path, method, body);
  }
  const text = await answer.text();
  expect(answer.ok, `${method} ${path}: ${text}`).toBe(true);
  return JSON.parse(text || 'null') as T;
}

let seq = 0;
const epoch = 'e'.repeat(32);
/** An event of the gateway, sent until it is receipted; all of them in order. */
function happens(device: string, kind: string, what: 'alarm' | 'cleared' = 'alarm'): void {
  seq += 1;
  const event = {
    ...{
      specversion: '1.0',
      id: randomUUID(),
      source: sourceOf(site.id, device),
      time: new Date(Date.now()).toISOString(),
    },
    ...{ type: `watchpost.sensor.${what}.v1`, subject: site.devices.find(({ id }) => id === device)?.zone },
    ...{ data: { kind }, gateway: 'edge1', epoch, seq },
  };
  gateway.client.publish(`wp/1/${site.id}/edge1/up`, JSON.stringify(event), { qos: 1 });
}

const goesOn = async (): Promise<readonly IncidentView[]> =>
  (await ask<IncidentPage>('admin', 'GET', `incidents?site=${site.id}`)).incidents;
/** The incident of a concern that goes on, once there is one. */
const incident = (concern: string): Promise<IncidentView> =>
  waitFor(`an incident about ${concern}`, async () =>
    (await goesOn()).find((one) => one.concern === concern && one.state !== 'over'),
  );
const takes = async (who: Name, { id }: IncidentView, to: 'acknowledged' | 'resolved') => {
  const { incident: now } = await ask<{ incident: IncidentView }>(who, 'GET', `incidents/${id}`);
  const done = to === 'resolved' ? { disposition: 'genuine', reason: 'seen to' } : {};
  await ask(who, 'POST', `incidents/${id}/steps`, { version: now.version, to, ...done });
};
const mailsTo = (name: string) => mail.mails.filter(({ to }) => to.includes(`${name}@watch.example`));
const told = (hook: WebReceiver, { id }: Pick<IncidentView, 'id'>) =>
  hook.received
    .map(({ body }) => sentNoticeSchema.parse(JSON.parse(body)))
    .filter(({ subject }) => subject === id);

/** What the exported timeline says of an incident. */
const timelines = new Map<string, readonly TimelineEntry[]>();
async function timelineOf({ id }: Pick<IncidentView, 'id'>): Promise<readonly TimelineEntry[]> {
  const path = `response/subjects/${id}/timeline/export?format=json`;
  const { entries, cut } = await ask<Timeline>('admin', 'GET', path);
  expect(cut).toBe(false);
  timelines.set(id, entries);
  return entries;
}

beforeAll(async () => {
  clock = new MovedClock(at(27, '21:20'));
  await broker.start();
  [guardroom, fireHook, policeHook] = (await Promise.all([0, 1, 2].map(() => new WebReceiver().start()))) as [
    WebReceiver,
    WebReceiver,
    WebReceiver,
  ];
  mail = await new MailServer({ authOptional: true }).start();
  writeFileSync(join(secretsFolder, 'notify-hook'), 'key', { mode: 0o600 });
  await start();
  gateway = new Listener(broker.url, [`wp/1/${site.id}/edge1/receipt`]);

  const all = await ask<{ accounts: { id: string; name: string }[] }>('admin', 'GET', 'accounts');
  for (const { id, name } of all.accounts) accounts.set(name, id);
  const receiver = async (name: string, address: ChannelAddress, more: object = {}) => {
    const id = randomUUID();
    receivers.set(name, id);
    await ask('admin', 'POST', `receivers?site=${site.id}`, {
      ...{ id, name, language: 'en', severities: [], cap: null, address },
      ...more,
    });
    // A way to tell somebody counts once something came through: a person's by the code in it.
    const isOwn = 'account' in more;
    await ask('admin', 'POST', `receivers/${id}/${isOwn ? 'code' : 'test'}?site=${site.id}`, {});
    if (!isOwn) return;
    const code = await waitFor('the code', async () => /\d{6}/.exec(mailsTo(name)[0]?.text ?? '')?.[0]);
    await ask('admin', 'POST', `receivers/${id}/verify?site=${site.id}`, { code });
  };
  for (const name of ['ana', 'ben', 'cai', 'dora'])
    await receiver(name, { kind: 'smtp', to: `${name}@watch.example` }, { account: accounts.get(name) });
  const hook = ({ url }: WebReceiver): ChannelAddress => ({ kind: 'webhook', url, key: 'notify-hook' });
  await receiver('guardroom', hook(guardroom), { fallback: true });
  await receiver('fire brigade', hook(fireHook));
  await receiver('police post', hook(policeHook));

  const rota = randomUUID();
  receivers.set('rota', rota);
  const shift = (name: string, who: string, from: string, to: string) => ({
    ...{ name, from, to, days: { kind: 'weekdays', weekdays: [1, 2, 3, 4, 5, 6, 7] } },
    rotation: { since: '2026-11-01', unit: 'day', every: 1, people: [accounts.get(who)] },
  });
  await ask('dora', 'POST', `duty/rotas?site=${site.id}`, {
    ...{ id: rota, name: 'Night', zones: null, coverage: 'always', holidays: false },
    layers: [
      shift('evening', 'ana', '14:00', '22:00'),
      shift('night', 'ben', '22:00', '06:00'),
      shift('morning', 'cai', '06:00', '14:00'),
    ],
  });
  await ask('admin', 'POST', `escalation/policies?site=${site.id}`, {
    ...{ id: randomUUID(), version: null, name: 'Night', place: 1, zones: null },
    ...{ severities: ['critical', 'high', 'medium'], concerns: ['fire', 'intrusion'] },
    steps: [
      { waitSeconds: 0, targets: [{ kind: 'rota', rota }] },
      { waitSeconds: 300, targets: [{ kind: 'person', account: accounts.get('dora') }] },
      {
        ...{ waitSeconds: 300, repeat: { everySeconds: 900, times: null } },
        targets: [{ kind: 'receiver', receiver: receivers.get('guardroom') }],
      },
    ],
  });
  for (const [name, kind, who] of [
    ['fire brigade', 'fire', 'ana'],
    ['police post', 'police_post', 'ben'],
  ] as const)
    await ask('admin', 'POST', `response/departments?site=${site.id}`, {
      ...{ id: randomUUID(), kind, name, zones: null, concerns: null },
      ...{ receiver: receivers.get(name), dispatchers: [accounts.get(who)] },
    });
  for (const all of [mail.mails, guardroom.received, fireHook.received, policeHook.received])
    (all as unknown[]).length = 0;
});
afterAll(async () => {
  await gateway?.stop();
  await service?.stop();
  await Promise.all([broker.stop(), mail?.stop(), guardroom?.stop(), fireHook?.stop(), policeHook?.stop()]);
  clock?.restore();
  for (const path of [folder, secretsFolder]) rmSync(path, { recursive: true, force: true });
});

test('21:20, the evening shift: a fire is told to who is on duty at once, and two departments answer for themselves', async () => {
  happens('smoke1', 'smoke');
  const fire = await incident('fire');
  await waitFor('a mail to Ana', async () => mailsTo('ana')[0]);
  expect([mailsTo('ben'), mailsTo('dora'), guardroom.received]).toEqual([[], [], []]);

  const { departments } = await ask<{ departments: { id: string; name: string }[] }>(
    ...(['admin', 'GET', `response/departments?site=${site.id}`] as const),
  );
  const offers = new Map<string, string>();
  for (const { id, name } of departments) {
    offers.set(name, randomUUID());
    const offer = { id: offers.get(name), subject: fire.id, department: id };
    await ask('admin', 'POST', `response/offers?site=${site.id}`, offer);
  }
  await waitFor('both departments to be told', async () =>
    fireHook.received.length === 1 && policeHook.received.length === 1 ? true : undefined,
  );
  await ask('ana', 'POST', `response/offers/${offers.get('fire brigade')}/acknowledge`, {});
  await takes('ana', fire, 'acknowledged');
  // Nobody else is told once she has it.
  await clock.pass(15 * minuteMs, minuteMs);
  expect([mailsTo('dora').length, told(guardroom, fire).length]).toEqual([0, 0]);
  await ask('ben', 'POST', `response/offers/${offers.get('police post')}/acknowledge`, {});
  happens('smoke1', 'smoke', 'cleared');
  await takes('ana', fire, 'resolved');
  await waitFor('Ana to be told that it is over', async () =>
    mailsTo('ana').find(({ headers }) => /over/i.test(headers.get('subject') ?? '')),
  );
  expect(mailsTo('ana')).toHaveLength(2);
  const entries = await timelineOf(fire);
  expect(entries.filter(({ kind, whom }) => kind === 'notice' && whom === 'ana')).toHaveLength(2);
});

test('22:00, the night shift takes over with a report that both sign', async () => {
  await clock.until(at(27, '21:58'));
  const id = randomUUID();
  const handover = { id, rota: receivers.get('rota'), notes: 'The smoke detector is new.' };
  await ask('ana', 'POST', `duty/handovers?site=${site.id}`, handover);
  await clock.until(at(27, '22:01'));
  await ask('ben', 'POST', `duty/handovers/${id}/sign`, { remark: '' });
  const signed = await ask<Handover>('ben', 'GET', `duty/handovers/${id}`);
  expect([signed.giver.name, signed.taker.name]).toEqual(['ana', 'ben']);
  expect(signed.report.decided.map(({ to }) => to)).toContain('resolved');
});

test('23:30, a storm is one incident and few messages; whoever forgets what he took is reminded, then others are told', async () => {
  await clock.until(at(27, '23:30'));
  for (let round = 0; round < 5; round++) for (const pane of panes) happens(pane, 'glass_break');
  const storm = await waitFor('all of the storm', async () => {
    const found = (await goesOn()).find(({ concern }) => concern === 'intrusion');
    return found && found.events === panes.length * 5 ? found : undefined;
  });
  expect(storm.alerts).toBe(panes.length);
  await waitFor('a mail to Ben', async () => mailsTo('ben')[0]);
  expect(mailsTo('ben').length).toBeLessThanOrEqual(3);
  await takes('ben', storm, 'acknowledged');
  const before = mailsTo('ben').length;
  // Half an hour after the last step of a person who took it, he is reminded …
  await clock.pass(32 * minuteMs, 2 * minuteMs);
  expect(mailsTo('ben').length).toBe(before + 1);
  expect(mailsTo('dora')).toEqual([]);
  // … and a quarter of an hour later it is open again, and Dora is told with the step that was next.
  await clock.pass(25 * minuteMs, minuteMs);
  await waitFor('a mail to Dora', async () => mailsTo('dora')[0]);
  await takes('dora', storm, 'acknowledged');
  for (const pane of panes) happens(pane, 'glass_break', 'cleared');
  await takes('dora', storm, 'resolved');
  await timelineOf(storm);
});

test('02:00, the mail server fails: the next step of the policy finds somebody, and mail is sent once it is back', async () => {
  await clock.until(at(28, '02:00'));
  mail.behaviour = 'fails';
  happens('door1', 'door');
  const door = await incident('intrusion');
  const had = mail.mails.length;
  const toBen = mailsTo('ben').length;
  await clock.pass(11 * minuteMs, minuteMs / 2);
  expect(mail.mails.length).toBe(had);
  await waitFor('the guardroom to be told', async () => told(guardroom, door)[0]);
  mail.behaviour = 'takes';
  await clock.pass(6 * minuteMs, minuteMs / 2);
  await waitFor('Ben to be told all the same', async () =>
    mailsTo('ben').length > toBen ? true : undefined,
  );
  await takes('ben', door, 'acknowledged');
  happens('door1', 'door', 'cleared');
  await takes('ben', door, 'resolved');
  await timelineOf(door);
});

test('03:00, everything is started again while something waits: the next step comes in its time, and once', async () => {
  await clock.until(at(28, '02:59'));
  happens('smoke1', 'smoke');
  const fire = await incident('fire');
  await waitFor('a mail to Ben', async () =>
    mailsTo('ben').find(
      ({ headers }) => headers.get('message-id')?.length && /smoke/i.test(headers.get('subject') ?? ''),
    ),
  );
  const toDora = mailsTo('dora').length;
  await service.stop();
  await broker.stop();
  await clock.pass(2 * minuteMs, 2 * minuteMs);
  await broker.start();
  await start();
  await clock.pass(6 * minuteMs, minuteMs / 2);
  await waitFor('a mail to Dora', async () => (mailsTo('dora').length > toDora ? true : undefined));
  expect(mailsTo('dora').length).toBe(toDora + 1);
  await takes('dora', fire, 'acknowledged');
  happens('smoke1', 'smoke', 'cleared');
  await takes('dora', fire, 'resolved');
  await timelineOf(fire);
});

test('06:05, the morning shift is told, and nobody of before', async () => {
  await clock.until(at(28, '06:05'));
  const toBen = mailsTo('ben').length;
  happens('door1', 'door');
  const door = await incident('intrusion');
  await waitFor('a mail to Cai', async () => mailsTo('cai')[0]);
  expect(mailsTo('ben').length).toBe(toBen);
  await takes('cai', door, 'acknowledged');
  await takes('cai', door, 'resolved');
  await timelineOf(door);
});

test('the exported timelines prove that every incident was told to the right person in time', () => {
  const shiftAt = (ms: number) => (ms < at(27, '22:00') ? 'ana' : ms < at(28, '06:00') ? 'ben' : 'cai');
  expect(timelines.size).toBe(5);
  for (const entries of timelines.values()) {
    const opened = Date.parse(entries.find(({ kind }) => kind === 'alert')?.at ?? '');
    const persons = entries.filter(({ kind, whom }) => kind === 'notice' && people.includes(whom as Name));
    const first = persons.find(({ whom }) => whom === shiftAt(opened));
    expect(first?.what).toBe('opened');
    const lateMs = Date.parse(first?.at ?? '') - opened;
    // Mail failed for eleven minutes once; the guardroom heard of that one meanwhile, and whoever is second
    // in the policy may have had a mail a moment before the first.
    const guarded = entries.find(({ kind, whom }) => kind === 'notice' && whom === 'guardroom');
    if (!guarded) expect(persons[0]).toBe(first);
    const heardMs = Math.min(lateMs, guarded ? Date.parse(guarded.at) - opened : Number.POSITIVE_INFINITY);
    expect(lateMs).toBeLessThanOrEqual(17 * minuteMs);
    expect(heardMs).toBeLessThanOrEqual(11 * minuteMs);
  }
});
