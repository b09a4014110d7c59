import type { Logger } from 'pino';
import { backoffMs } from './backoff.ts';
import { type LinkFault, type LinkProblem, problemOf } from './link-fault.ts';
import { type MqttAccess, MqttConnection, type MqttMessage, type MqttStatement } from './mqtt-connection.ts';
import { type MqttLinkLimits, mqttLinkLimits } from './policy.ts';

export type { LinkFault, LinkProblem } from './link-fault.ts';
export type { MqttAccess, MqttMessage, MqttStatement } from './mqtt-connection.ts';
export { type MqttLinkLimits, mqttLinkLimits } from './policy.ts';

export interface MqttLinkOptions {
  /**
   * Called before each attempt, so that each uses the files and secrets that are there now. What it throws is
   * a fault like others.
   */
  readonly access: () => MqttAccess;
  readonly clientId: string;
  /** Whether the broker forgets us between connections; default true. */
  readonly clean?: boolean;
  /** Subscribed at QoS 1 after each connection; a refused one ends it. */
  readonly filters: readonly string[];
  /** Subscribed too where the broker allows it; a refusal ends nothing. More may be added by `subscribe`. */
  readonly optionalFilters?: readonly string[];
  /** The broker refuses one of the optional filters; told again after each connection. */
  readonly onFilterRefused?: (filter: string) => void;
  /** Made anew for each connection: what the broker publishes when we vanish. */
  readonly will?: () => MqttStatement;
  /**
   * Takes a message. When it gives a promise, the message is acknowledged when that settles and nothing more
   * is read before: that is the back-pressure. Retained ones may come before `onUp`. Must not reject.
   */
  readonly onMessage?: (message: MqttMessage) => void | Promise<void>;
  /** Connected and subscribed; whether the broker had a session of ours. */
  readonly onUp?: (hasSession: boolean) => void;
  /** A connection that was up ended. */
  readonly onDown?: (problem: LinkProblem) => void;
  /** Each failed attempt and each lost connection, also those that the log does not repeat. */
  readonly onFault?: (problem: LinkProblem) => void;
  readonly logger: Logger;
  readonly limits?: Partial<MqttLinkLimits> | undefined;
}

/**
 * A client’s link to the broker over MQTT 3.1.1. It comes back by itself, for ever, with growing pauses,
 * whatever ended it: a refused CONNECT, a lost connection, a request that got no answer in time. Each attempt
 * is a new client without a memory; what must not be lost is its owner’s to keep and to say again.
 */
export class MqttLink {
  readonly #options: MqttLinkOptions;
  readonly #limits: MqttLinkLimits;
  readonly #optionalFilters: Set<string>;
  readonly #faults: Partial<Record<LinkFault, number>> = {};
  #connection: MqttConnection | undefined;
  #problem: LinkProblem | undefined;
  #said: string | undefined;
  #attempt = 0;
  #upSinceMs = 0;
  #retry: NodeJS.Timeout | undefined;
  #running = false;

  constructor(options: MqttLinkOptions) {
    this.#options = options;
    this.#limits = { ...mqttLinkLimits, ...options.limits };
    this.#optionalFilters = new Set(options.optionalFilters);
  }

  /** Connected and subscribed, and no request is overdue. */
  get connected(): boolean {
    return this.#connection?.up === true;
  }

  /** Why there is no connection; undefined while there is one. */
  get problem(): LinkProblem | undefined {
    return this.connected ? undefined : this.#problem;
  }

  /** How often each fault ended an attempt or a connection. */
  get faults(): Readonly<Partial<Record<LinkFault, number>>> {
    return this.#faults;
  }

  /** Begins to connect; does not wait for it. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#attempt = 0;
    this.#connect();
  }

  /**
   * Adds optional filters, for this connection and those after it. One that is there already is asked for
   * again, because then the broker says again what it keeps.
   */
  subscribe(filters: readonly string[]): void {
    for (const filter of filters) this.#optionalFilters.add(filter);
    this.#connection?.subscribe(filters);
  }

  /** Takes optional filters back, also those that a session of before may still have at the broker. */
  unsubscribe(filters: readonly string[]): void {
    for (const filter of filters) this.#optionalFilters.delete(filter);
    this.#connection?.unsubscribe(filters);
  }

  /** At QoS 1; without a connection it does nothing. `done` only when the broker has it (PUBACK). */
  publish(statement: MqttStatement, done?: () => void): void {
    this.#connection?.publish(statement, done);
  }

  /**
   * Ends the connection properly and makes a new one at once, with what `access` gives then. Does nothing
   * while there is none.
   */
  async reconnect(): Promise<void> {
    const connection = this.#connection;
    if (!connection?.up) return;
    this.#lose(problemOf('given_up', 'connecting anew'));
    await connection.close();
    if (this.#running && !this.#connection) this.#connect();
  }

  /**
   * Ends a connection on which something that its owner waited for did not come; the broker publishes the
   * will. It comes back as after every fault.
   */
  giveUp(reason: string): void {
    this.#connection?.giveUp(reason);
  }

  /** Says `lastWords` when it still can and disconnects; takes at most twice `limits.stopMs`. */
  async stop(lastWords?: MqttStatement): Promise<void> {
    this.#running = false;
    clearTimeout(this.#retry);
    const connection = this.#connection;
    if (!connection) return;
    await connection.close(lastWords);
    this.#lose(problemOf('given_up', 'stopped'));
  }

  #connect(): void {
    const {
      access,
      clientId,
      clean = true,
      filters,
      will,
      onMessage,
      onFilterRefused,
      logger,
    } = this.#options;
    try {
      this.#connection = new MqttConnection({
        access: access(),
        clientId,
        clean,
        filters,
        optionalFilters: () => [...this.#optionalFilters],
        onFilterRefused: (filter) => onFilterRefused?.(filter),
        will: will?.(),
        limits: this.#limits,
        logger,
        onMessage: (message) => onMessage?.(message),
        onUp: (hasSession) => this.#up(hasSession),
        onEnded: (problem) => this.#ended(problem),
      });
    } catch (error) {
      this.#failed(
        problemOf('no_credentials', error instanceof Error ? error.message : String(error)),
        false,
      );
    }
  }

  #ended(problem: LinkProblem): void {
    const wasUp = this.#upSinceMs > 0;
    // A connection that does not last (somebody uses our identity too) must not be fought over at full speed.
    if (wasUp && performance.now() - this.#upSinceMs > this.#limits.steadyMs) this.#attempt = 0;
    this.#lose(problem);
    if (this.#running) this.#failed(problem, wasUp);
  }

  #up(hasSession: boolean): void {
    this.#upSinceMs = performance.now();
    this.#problem = undefined;
    // A start as it should be is no news; the end of an outage is.
    this.#options.logger[this.#said === undefined ? 'debug' : 'info']('broker connected');
    this.#said = undefined;
    this.#options.onUp?.(hasSession);
  }

  #failed(problem: LinkProblem, wasUp: boolean): void {
    const { logger, onFault } = this.#options;
    const { firstRetryMs, maxRetryMs } = this.#limits;
    this.#problem = problem;
    this.#faults[problem.fault] = (this.#faults[problem.fault] ?? 0) + 1;
    const retryInMs = backoffMs(this.#attempt++, firstRetryMs, maxRetryMs, Math.random());
    this.#retry = setTimeout(() => this.#connect(), retryInMs);
    // Once per outage and for each new reason, not once per attempt.
    const saying = `${problem.fault} ${problem.reason}`;
    if (saying !== this.#said)
      logger.warn(
        { ...problem, retryInMs },
        wasUp ? 'broker connection lost' : 'broker connection failed, trying again',
      );
    this.#said = saying;
    onFault?.(problem);
  }

  #lose(problem: LinkProblem): void {
    this.#connection = undefined;
    if (this.#upSinceMs === 0) return;
    this.#upSinceMs = 0;
    this.#options.onDown?.(problem);
  }
}
