import { randomUUID } from 'node:crypto';
import { type Alert, severities } from '@watchpost/contracts/alert';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openAlert } from '../alerts/alert-lifecycle.ts';
import { BrokerLink } from '../ingest/broker-link.ts';
import { defaultPolicy } from '../policy.ts';
import { saveAlerts } from '../store/alert-store.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { Listener, TestBroker } from '../testing/test-broker.ts';
import { smokeAlarm, testEvent } from '../testing/test-events.ts';
import { RetainedAlertSync } from './retained-alert-sync.ts';

const broker = new TestBroker();
const logger = pino({ level: 'silent' });
const event = testEvent(smokeAlarm());
let store: Store;
let copy: RetainedAlertSync;
let link: BrokerLink;

function alertOf(score: number, state: Alert['state'] = 'open'): Alert {
  const risk = {
    score,
    factors: [{ name: 'severity_of_type' as const, points: score, because: {} }],
    ruleSet: 't',
  };
  return { ...openAlert(event, event.gateway, risk, randomUUID(), new Date().toISOString()).alert, state };
}

const open = Array.from({ length: 1_500 }, (_, index) => alertOf((index * 7) % 100));
const closed = [alertOf(90, 'closed'), alertOf(10, 'closed')];

beforeAll(async () => {
  await broker.start();
  store = await openStore(await embeddedStore());
  await saveAlerts(
    store.db,
    [...open, ...closed].map((alert) => ({ alert, groupKey: alert.id })),
  );
  link = new BrokerLink({
    url: broker.url,
    clientId: 'alerting-test',
    filters: ['wp/1/test/+/up'],
    take: async () => undefined,
    connected: () => void copy.run(),
    lost: () => copy.stop(),
    logger,
    limits: { firstRetryMs: 50, maxRetryMs: 200 },
  });
  copy = new RetainedAlertSync({
    db: store.db,
    site: 'test',
    policy: defaultPolicy.retained,
    publish: (topic, payload, done) => link.publishRetained(topic, payload, done),
    nowMs: Date.now,
    logger,
  });
});
afterAll(async () => {
  copy.stop();
  await link.stop();
  await broker.stop();
  await store.close();
});

async function retained(): Promise<Alert[]> {
  const reader = new Listener(broker.url, ['wp/1/test/alerts/+']);
  const heard = new Map<string, Alert>();
  await reader.until(({ payload }) => {
    if (payload !== '') heard.set(JSON.parse(payload).id, JSON.parse(payload));
    return heard.size === open.length || undefined;
  });
  await reader.stop();
  return [...heard.values()];
}

test('a broker that comes back empty retains every open alert again, the most urgent first, and none that closed', async () => {
  const listener = new Listener(broker.url, ['wp/1/test/alerts/+']);
  link.start();
  await listener.until(
    ({ topic, payload }) => (topic.endsWith(closed[1]?.id ?? '?') && payload === '') || undefined,
  );
  const heard = listener.messages
    .filter(({ payload }) => payload !== '')
    .map(({ payload }): Alert => JSON.parse(payload));
  const ranks = heard.map(({ severity, risk }) => [severities.indexOf(severity), risk.score] as const);
  expect(ranks).toEqual([...ranks].sort((a, b) => b[0] - a[0] || b[1] - a[1]));
  expect(new Set(heard.map(({ id }) => id))).toEqual(new Set(open.map(({ id }) => id)));
  await listener.stop();

  await broker.stop();
  await broker.start();
  expect((await retained()).map(({ id }) => id).sort()).toEqual(open.map(({ id }) => id).sort());
});

test('what is published while the pages are read is not overwritten by what a page said before', async () => {
  const [first] = open;
  const publications: string[] = [];
  const racing = new RetainedAlertSync({
    db: store.db,
    site: 'test',
    policy: { ...defaultPolicy.retained, pageAlerts: 1_000 },
    publish: (topic, _payload, done) => {
      publications.push(topic);
      done();
    },
    nowMs: Date.now,
    logger,
  });
  const running = racing.run();
  racing.note(first?.id ?? '');
  await running;
  expect(publications).toHaveLength(open.length - 1 + closed.length);
  expect(publications.some((topic) => topic.endsWith(first?.id ?? ''))).toBe(false);
});
