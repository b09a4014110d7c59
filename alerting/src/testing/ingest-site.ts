import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { rejectListSchema } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { gatewayTopic, type Receipt } from '@watchpost/contracts/wire';
import { pino } from 'pino';
import { GatewayRegistry } from '../health/gateway-registry.ts';
import { createMetrics } from '../health/metrics.ts';
import { UptimeRecorder } from '../health/uptime-recorder.ts';
import { Ingest } from '../ingest/ingest.ts';
import { LiveFeed, type LiveMessage } from '../live/live-feed.ts';
import { siteDirectory } from '../places/site-directory.ts';
import { type AlertingPolicy, defaultPolicy } from '../policy.ts';
import { defaultRuleSet } from '../risk/rule-set.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { listRejects } from '../store/reject-store.ts';
import { embeddedStore } from './empty-cluster.ts';
import { Listener, TestBroker } from './test-broker.ts';
import { testSite } from './test-site.ts';

const logger = pino({ level: 'silent' });

/** What a test may have otherwise than the test site has it. */
export interface IngestSetUp {
  readonly site?: Site;
  readonly policy?: AlertingPolicy;
  /** The server’s clock. */
  readonly nowMs?: () => number;
  /** Told which canaries were committed. */
  readonly canariesStored?: (ids: readonly string[]) => void;
}

/**
 * The way in, between a real broker and an embedded store: `open` and `close` once, `begin` and `end` with
 * every test, which speaks to it with an outbox of its own.
 */
export class IngestSite {
  readonly broker = new TestBroker();
  readonly store: Store;
  /** When the late events that it told of happened, in all tests. */
  readonly lateTimes: number[] = [];
  readonly #setUp: Required<IngestSetUp>;
  #ingest: Ingest | undefined;
  #gateways: GatewayRegistry;
  #listener: Listener | undefined;
  #live: LiveMessage[] = [];
  #epoch = '';

  private constructor(store: Store, setUp: Required<IngestSetUp>) {
    this.store = store;
    this.#setUp = setUp;
    this.#gateways = new GatewayRegistry(setUp.site);
  }

  static async open(setUp: IngestSetUp = {}): Promise<IngestSite> {
    const store = await openStore(await embeddedStore());
    const site = new IngestSite(store, {
      ...{ site: testSite, policy: defaultPolicy, nowMs: Date.now, canariesStored: () => undefined },
      ...setUp,
    });
    await site.broker.start();
    return site;
  }

  /** What the gateways of the running way in are like. */
  get gateways(): GatewayRegistry {
    return this.#gateways;
  }

  /** What readers of the event stream were told in this test. */
  get live(): readonly LiveMessage[] {
    return this.#live;
  }

  /** The epoch of this test’s outbox. */
  get epoch(): string {
    return this.#epoch;
  }

  /** Hears all that goes over the broker in this test. */
  get listener(): Listener {
    if (!this.#listener) throw new Error('no test has begun');
    return this.#listener;
  }

  async begin(): Promise<void> {
    this.#live = [];
    this.#epoch = randomUUID().replaceAll('-', '');
    this.#listener = new Listener(this.broker.url, ['wp/1/test/#']);
    await this.startIngest();
  }

  async end(): Promise<void> {
    await this.#listener?.stop();
    await this.stopIngest();
  }

  async close(): Promise<void> {
    await this.store.close();
    await this.broker.stop();
  }

  /** Starts a new one on the same store, as after a restart; settles when it hears the broker. */
  async startIngest(): Promise<void> {
    const { site, policy, nowMs, canariesStored } = this.#setUp;
    const directory = siteDirectory(site);
    const { db, changes } = this.store;
    const feed = new LiveFeed();
    feed.subscribe((message) => this.#live.push(message), new Set([site.id]));
    this.#gateways = new GatewayRegistry(site);
    const ingest = new Ingest({
      directory,
      db,
      changes,
      broker: { url: this.broker.url },
      gateways: this.#gateways,
      feed,
      metrics: createMetrics(),
      logger,
      policy,
      rules: defaultRuleSet,
      newId: randomUUID,
      nowMs,
      canariesStored,
      losses: { linkUp() {}, linkDown() {}, heard() {}, takeState() {}, takeFlood() {} },
      uptime: new UptimeRecorder({ db, directory, policy: policy.uptime, nowMs, logger }),
      lateEvents: (times) => this.lateTimes.push(...times),
    });
    this.#ingest = ingest;
    ingest.start();
    while (!ingest.link.isConnected) await delay(5);
  }

  async stopIngest(): Promise<void> {
    await this.#ingest?.stop();
  }

  /**
   * Sends something on a topic of a gateway: bytes as they are, all else as JSON. Settles when the broker has
   * it.
   */
  async publish(topic: 'up' | 'state', payload: unknown, gateway = 'edge1'): Promise<void> {
    const bytes = Buffer.isBuffer(payload) ? payload : JSON.stringify(payload);
    await this.listener.client.publishAsync(gatewayTopic(topic, 'test', gateway), bytes, { qos: 1 });
  }

  /** Waits for the receipt of an outbox at a position. */
  receiptAt(seq: number, epoch = this.#epoch, gateway = 'edge1'): Promise<Receipt> {
    return this.listener.until(({ topic, payload }) => {
      if (topic !== gatewayTopic('receipt', 'test', gateway)) return undefined;
      const receipt: Receipt = JSON.parse(payload);
      return receipt.epoch === epoch && receipt.seq === seq ? receipt : undefined;
    });
  }

  /** The events of an outbox that are stored. */
  stored(epoch = this.#epoch) {
    return this.store.db.selectFrom('event').selectAll().where('epoch', '=', epoch).orderBy('seq').execute();
  }

  /** Their positions. */
  async storedSeqs(epoch?: string): Promise<number[]> {
    return (await this.stored(epoch)).map(({ seq }) => seq);
  }

  /** How often each code was counted among the rejected messages. */
  async rejectCounts(): Promise<Readonly<Record<string, number>>> {
    return rejectListSchema.parse(await listRejects(this.store.db, ['test'], 50)).counts;
  }

  /** How often a code was counted there while something was done. */
  async countedWhile(code: string, act: () => Promise<unknown>): Promise<number> {
    const before = (await this.rejectCounts())[code] ?? 0;
    await act();
    return ((await this.rejectCounts())[code] ?? 0) - before;
  }
}
