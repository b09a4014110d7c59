import { randomUUID } from 'node:crypto';
import type { Severity } from '@watchpost/contracts/alert';
import { pino } from 'pino';
import { IncidentBook } from '../incidents/incident-book.ts';
import { NoticeSender, type SentNotice } from '../notify/outbox/notice-sender.ts';
import { noticeWriter } from '../notify/outbox/notice-writer.ts';
import { defaultPolicy } from '../policy.ts';
import { type ReceiverDescription, saveReceiver } from '../store/receiver-store.ts';
import { FakeChannels } from './fake-channel.ts';
import type { StoreRun } from './store-run.ts';
import { testInstructions } from './test-site.ts';

/** Receivers of a store’s alerts, a sender, and a clock that a test moves. */
export class NoticeRun {
  readonly channels = new FakeChannels();
  readonly sender: NoticeSender;
  readonly sent: SentNotice[] = [];
  readonly book: IncidentBook;
  readonly clocks = { wallMs: () => this.#wallMs, monotonicMs: () => this.#monotonicMs };
  faults: readonly string[] = [];
  readonly #run: StoreRun;
  #wallMs = Date.now();
  #monotonicMs = 0;
  readonly #end: () => void;

  constructor(run: StoreRun) {
    this.#run = run;
    this.sender = this.newSender();
    const options = { site: run.site, nowMs: () => this.#wallMs, written: () => undefined };
    this.book = new IncidentBook({ ...options, directory: run.directory, policy: defaultPolicy.incidents });
    this.book.also(noticeWriter(options));
    this.#end = run.store.changes.also(this.book.write);
  }

  get nowMs(): number {
    return this.#wallMs;
  }

  /** Another process, or the same after a restart. */
  newSender(channels: Pick<FakeChannels, 'send'> = this.channels, isAlone = false): NoticeSender {
    return new NoticeSender({
      ...{ db: this.#run.store.db, channels, isAlone, logger: pino({ level: 'silent' }) },
      sites: new Map([
        [
          this.#run.site as string,
          {
            site: this.#run.directory.site,
            instructions: testInstructions,
            console: 'https://watch.example',
          },
        ],
      ]),
      clocks: this.clocks,
      told: (sent) => this.sent.push(sent),
      faults: (_site, codes) => {
        this.faults = codes;
      },
    });
  }

  /** Adds a receiver by its name, which is its address too. */
  async receiver(
    name: string,
    severities: readonly Severity[] = ['critical', 'high', 'medium', 'low'],
    more: Partial<ReceiverDescription> = {},
  ): Promise<string> {
    const id = randomUUID();
    const address = { kind: 'webhook', url: `https://${name}.example/`, key: 'hook' } as const;
    const plain = { account: null, language: 'en', isFallback: false, cap: null, quiet: null } as const;
    const { db } = this.#run.store;
    await saveReceiver(
      db,
      this.#run.site,
      id,
      { name, address, ...plain, severities, ...more },
      this.#wallMs,
    );
    return id;
  }

  /** What a receiver was told, as `kind alert`. */
  told(name: string): string[] {
    return this.channels.toldTo(`https://${name}.example/`);
  }

  set(ms: number): void {
    this.#wallMs += ms;
  }

  sleep(ms: number): void {
    this.#wallMs += ms;
    this.#monotonicMs += ms;
  }

  /** Sends all that is due now, one message of each receiver after the other. */
  async send(): Promise<void> {
    for (;;) {
      const before = this.channels.tried.length;
      await this.sender.look();
      await this.sender.sent();
      if (this.channels.tried.length === before) return;
    }
  }

  /** Time passes, with a look each second. */
  async pass(ms: number, eachMs = 1_000): Promise<void> {
    for (let passed = 0; passed < ms; passed += eachMs) {
      this.sleep(Math.min(eachMs, ms - passed));
      await this.send();
    }
  }

  /** Changes have no consequences any more; what was written stays. */
  stop(): void {
    this.#end();
  }

  async end(): Promise<void> {
    this.#end();
    const { db } = this.#run.store;
    await db.deleteFrom('receiver').where('site', '=', this.#run.site).execute();
  }
}
