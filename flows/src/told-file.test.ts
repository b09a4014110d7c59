import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alertTopic } from '@watchpost/contracts/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AlertFeed } from './alert-feed.ts';
import type { AlertChange } from './domain/alert-book.ts';
import { eventually, sampleAlert, TestBroker } from './flows-testing.ts';
import { ToldFile } from './told-file.ts';

const everything = { minSeverity: 'low', eventTypes: [], changes: 'all', existing: true } as const;

let folder: string;
let broker: TestBroker;
let feed: AlertFeed | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-told-'));
  broker = await TestBroker.start();
});
afterEach(async () => {
  await feed?.stop();
  await broker.stop();
  rmSync(folder, { recursive: true });
});

/** Flows as they start with this folder; what their one node was told. */
async function run(listenLater = false): Promise<AlertChange[]> {
  const changes: AlertChange[] = [];
  const started = new AlertFeed({
    site: 'demo',
    broker: { url: broker.url, username: 'flows', password: 'right' },
    told: new ToldFile(join(folder, 'told.jsonl')),
    storedWithinMs: 300,
  });
  feed = started;
  const listen = () =>
    started.subscribe(everything, { change: (change) => changes.push(change), state() {}, problem() {} });
  if (!listenLater) listen();
  started.start();
  await eventually(() => (started.state === 'connected' ? true : undefined));
  // Stored messages come right after the subscription.
  await new Promise((resolve) => setTimeout(resolve, 700));
  if (listenLater) listen();
  return changes;
}

async function stopped(): Promise<void> {
  await feed?.stop();
  feed = undefined;
}

const summary = (changes: readonly AlertChange[]) => changes.map(({ change, alert }) => [change, alert.id]);

test.each([
  ['a node that listens from the start', false],
  ['a node whose flow comes after the connection', true],
])(
  '%s hears of what opened, changed and closed while flows were down, and of nothing twice',
  async (_who, later) => {
    const [known, changed, gone] = [sampleAlert(), sampleAlert(), sampleAlert()];
    for (const alert of [known, changed, gone]) await broker.publishAlert(alert);
    expect(summary(await run())).toEqual([known, changed, gone].map(({ id }) => ['existing', id]));
    await stopped();

    const missed = sampleAlert();
    await broker.publishAlert(missed);
    await broker.publishAlert({ ...changed, version: 2, state: 'acknowledged' });
    await broker.publish(alertTopic('demo', gone.id), '');
    const heard = await run(later);
    expect(heard.find(({ alert }) => alert.id === missed.id)?.change).toBe('opened');
    if (!later) {
      expect(summary(heard).filter(([change]) => change !== 'existing')).toEqual(
        expect.arrayContaining([
          ['changed', changed.id],
          ['opened', missed.id],
          ['closed', gone.id],
        ]),
      );
    }
    expect(heard.filter(({ alert }) => alert.id === missed.id)).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, later ? 5_500 : 0));
    await stopped();
    expect(summary(await run()).filter(([change]) => change !== 'existing')).toEqual([]);
  },
);

test('an alert that was taken for closed and is spoken of again is no news', async () => {
  const alert = sampleAlert();
  await broker.publishAlert(alert);
  await run();
  await stopped();
  const { port } = broker;
  await broker.stop();
  // A broker that lost everything, and alerting not there yet.
  broker = await TestBroker.start(port);
  const changes = await run();
  expect(summary(changes)).toEqual([
    ['existing', alert.id],
    ['closed', alert.id],
  ]);
  await broker.publishAlert({ ...alert, version: 2 });
  await eventually(() => (changes.length > 2 ? true : undefined));
  expect(summary(changes).at(-1)).toEqual(['changed', alert.id]);
});
