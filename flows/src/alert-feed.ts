import { alertSchema } from '@watchpost/contracts/alert';
import { WatchpostError } from '@watchpost/contracts/errors';
import { alertTopic, parseJson, parseTopic, parseWith } from '@watchpost/contracts/wire';
import { type LinkProblem, MqttLink, type MqttLinkLimits } from '@watchpost/service/mqtt';
import { type Logger, pino } from 'pino';
import { AlertBook, type AlertChange } from './domain/alert-book.ts';
import { type AlertFilter, wanted } from './domain/alert-filter.ts';
import { feedPolicy } from './policy.ts';
import type { ToldFile } from './told-file.ts';

export type FeedState = 'connecting' | 'connected' | 'refused';

/** What a node gets. None of these may throw. */
export interface AlertListener {
  change(change: AlertChange): void;
  state(state: FeedState): void;
  /** A message that is no alert, or a broker that refuses us. */
  problem(error: WatchpostError): void;
}

export interface AlertFeedOptions {
  readonly site: string;
  readonly broker: { readonly url: string; readonly username?: string; readonly password?: string };
  /** Deadlines and pauses; by default those of every link. */
  readonly limits?: Partial<MqttLinkLimits> | undefined;
  /** Remembers over a stop what was told; without it everything that is there at the start existed before. */
  readonly told?: ToldFile | undefined;
  /**
   * Everything that is stored at the broker has come this long after a connection, also after a restart of
   * broker and alerting.
   */
  readonly storedWithinMs?: number;
  /** Silent when absent. */
  readonly logger?: Logger;
}

/** One connection to the broker for all nodes: checks what comes in and tells each node what it asked for. */
export class AlertFeed {
  readonly #book: AlertBook;
  readonly #told: ToldFile | undefined;
  readonly #storedWithinMs: number;
  readonly #listeners = new Map<AlertListener, AlertFilter>();
  readonly #link: MqttLink;
  #state: FeedState = 'connecting';
  #synchronised: boolean;
  /** Opened before any node listened: news for the nodes that come with the start. */
  readonly #untold = new Set<string>();
  #untoldEnds: NodeJS.Timeout | undefined;
  #allStored: NodeJS.Timeout | undefined;
  #problems = { count: 0, since: 0 };

  constructor(options: AlertFeedOptions) {
    const { site, broker, limits, logger = pino({ level: 'silent' }), told } = options;
    this.#told = told;
    this.#storedWithinMs = options.storedWithinMs ?? feedPolicy.storedWithinMs;
    this.#book = new AlertBook(told?.read());
    // What is stored and was not told before we stopped has opened meanwhile.
    this.#synchronised = told !== undefined && !told.isNew;
    this.#link = new MqttLink({
      access: () => broker,
      clientId: `flows-${site}-${crypto.randomUUID().slice(0, 8)}`,
      filters: [alertTopic(site, '+')],
      onMessage: ({ topic, payload, retained }) => this.#receive(topic, payload, retained),
      onUp: () => this.#up(),
      onDown: () => {
        clearTimeout(this.#allStored);
        // What is stored when we come back and was not there before has opened meanwhile.
        this.#synchronised = true;
      },
      onFault: (problem) => this.#fault(problem),
      logger,
      limits,
    });
  }

  get state(): FeedState {
    return this.#state;
  }

  /** Connects, and keeps trying: a broker that is down is a state, not an error. */
  start(): void {
    this.#link.start();
  }

  /** Gives up the connection; listeners stay but hear nothing more. */
  async stop(): Promise<void> {
    clearTimeout(this.#allStored);
    clearTimeout(this.#untoldEnds);
    await this.#link.stop();
    this.#told?.close();
  }

  /**
   * Adds a node; what is returned removes it. Alerts already known are passed on as `existing` if it wants
   * them.
   */
  subscribe(filter: AlertFilter, listener: AlertListener): () => void {
    this.#listeners.set(listener, filter);
    listener.state(this.#state);
    for (const alert of this.#book.open) {
      const isNews = this.#untold.has(alert.id);
      const topic = alertTopic(alert.site, alert.id);
      const change: AlertChange = { change: isNews ? 'opened' : 'existing', alert, topic };
      if (wanted(filter, change)) listener.change(change);
    }
    this.#untoldEnds ??= setTimeout(() => this.#allNodesCame(), feedPolicy.nodesComeWithinMs);
    return () => void this.#listeners.delete(listener);
  }

  #up(): void {
    this.#become('connected');
    this.#book.expectAll();
    clearTimeout(this.#allStored);
    this.#allStored = setTimeout(() => {
      for (const change of this.#book.presumeClosed(({ site, id }) => alertTopic(site, id)))
        this.#tell(change);
    }, this.#storedWithinMs);
  }

  #allNodesCame(): void {
    for (const alert of this.#book.open) if (this.#untold.has(alert.id)) this.#told?.save(alert);
    this.#untold.clear();
  }

  #tell(change: AlertChange): void {
    const { alert } = change;
    for (const [listener, filter] of this.#listeners) if (wanted(filter, change)) listener.change(change);
    if (change.change === 'closed') {
      this.#untold.delete(alert.id);
      this.#told?.remove(alert.id);
    } else if (this.#listeners.size === 0 && change.change === 'opened') this.#untold.add(alert.id);
    else if (!this.#untold.has(alert.id)) this.#told?.save(alert);
  }

  /**
   * A broker that is away is a state; one that is there and will not have us, or does not answer, is a
   * problem too.
   */
  #fault({ fault, error, reason }: LinkProblem): void {
    const refused = error === 'broker.unauthorized' || error === 'broker.forbidden_topic';
    const next = refused ? 'refused' : 'connecting';
    if (this.#state !== next) this.#become(next);
    if (refused || error === 'broker.no_answer')
      this.#problem(new WatchpostError(error, { details: { fault, reason } }));
  }

  #receive(topic: string, payload: Uint8Array, retained: boolean): void {
    let change: AlertChange | undefined;
    try {
      change = this.#read(topic, payload, retained);
    } catch (error) {
      this.#problem(
        error instanceof WatchpostError ? error : new WatchpostError('wire.schema', { cause: error }),
      );
      return;
    }
    // The first message that was not stored comes after all that were: from here on, unknown alerts are new.
    this.#synchronised ||= !retained;
    if (change) this.#tell(change);
  }

  #read(topic: string, payload: Uint8Array, retained: boolean): AlertChange | undefined {
    const parsed = parseTopic(topic);
    if (parsed?.name !== 'alert' || parsed.alert === undefined) throw new WatchpostError('wire.topic');
    if (payload.byteLength === 0) return this.#book.closed(topic, parsed.alert);
    const alert = parseWith(alertSchema, parseJson(payload));
    if (alert.id !== parsed.alert || alert.site !== parsed.site)
      throw new WatchpostError('wire.source_mismatch', { path: alert.id === parsed.alert ? '/site' : '/id' });
    return this.#book.heard(topic, alert, retained && !this.#synchronised);
  }

  #become(state: FeedState): void {
    this.#state = state;
    for (const listener of this.#listeners.keys()) listener.state(state);
  }

  #problem(error: WatchpostError): void {
    const now = performance.now();
    if (now - this.#problems.since >= feedPolicy.problems.windowMs) this.#problems = { count: 0, since: now };
    if (this.#problems.count++ >= feedPolicy.problems.count) return;
    for (const listener of this.#listeners.keys()) listener.problem(error);
  }
}
