import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from '../../../support/api-client.ts';
import type { RunningService, Services } from '../../../support/two-services.ts';
import { waitFor } from '../../../support/wait-for.ts';
import type { DatabaseLine } from './database-line.ts';
import type { OwnDatabase } from './own-database.ts';
import type { Receiver } from './receiver.ts';

/**
 * What is done: the service, the database or the receiver is killed, the connections to the database or to
 * the receiver are cut.
 */
export type FaultKind = 'service' | 'database' | 'line' | 'receiver' | 'answers';
/** When: while a notice is being sent, while a commit has been asked for, or at any time. */
export type Moment = 'send' | 'commit' | 'any';

const kindsAt: Readonly<Record<Moment, readonly FaultKind[]>> = {
  send: ['service', 'receiver', 'answers', 'line'],
  commit: ['service', 'database', 'line'],
  any: ['service', 'database', 'line', 'receiver', 'answers'],
};
const moments: readonly Moment[] = ['send', 'commit', 'send', 'commit', 'any'];
const momentWithinMs = 10_000;
const receiverAwayMs = 300;
const startWithinMs = 120_000;

/** What faults are done to. */
export interface FaultParts {
  readonly services: Services;
  readonly database: OwnDatabase;
  readonly line: DatabaseLine;
  readonly receiver: Receiver;
}

const oneOf = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;

/** Kills and cuts, each followed by what an operator’s supervisor does about it. */
export class Faults {
  readonly timesMs: number[] = [];
  readonly kinds = new Map<FaultKind, number>();
  readonly hits = { send: 0, commit: 0 };
  readonly #parts: FaultParts;
  #service: RunningService | undefined;

  constructor(parts: FaultParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    this.#service = await this.#parts.services.start('one');
  }

  async logIn(): Promise<ApiClient> {
    const { services } = this.#parts;
    if (!this.#service) throw new Error('the service does not run');
    return ApiClient.logIn({ ...services, ...this.#service, ready: true, mqtt: '', flows: '' });
  }

  /** Does the next one and mends it; says what it was. */
  async next(index: number): Promise<string> {
    const moment = moments[index % moments.length] ?? 'any';
    const kind = oneOf(kindsAt[moment]);
    await this.#at(moment, () => this.#do(kind));
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    await this.#mend(kind);
    return `${kind} (${moment})`;
  }

  /** Runs `act` in the moment itself, or when that does not come about. */
  #at(moment: Moment, act: () => void): Promise<void> {
    const { line, receiver } = this.#parts;
    return new Promise((resolve) => {
      let isDone = false;
      const once = () => {
        if (isDone) return;
        isDone = true;
        clearTimeout(timer);
        forget?.();
        act();
        resolve();
      };
      const timer = setTimeout(once, moment === 'any' ? 0 : momentWithinMs);
      const forget =
        moment === 'send' ? receiver.atNotice(once) : moment === 'commit' ? line.atCommit(once) : undefined;
    });
  }

  #do(kind: FaultKind): void {
    const { line, receiver, database } = this.#parts;
    if (receiver.answering > 0) this.hits.send++;
    if (line.committing > 0) this.hits.commit++;
    this.timesMs.push(Date.now());
    if (kind === 'service') this.#service?.child.kill('SIGKILL');
    else if (kind === 'database') database.kill();
    else if (kind === 'line') line.cut();
    else if (kind === 'receiver') void receiver.kill();
    else receiver.cut();
  }

  async #mend(kind: FaultKind): Promise<void> {
    const { services, database, receiver } = this.#parts;
    if (kind === 'database') await database.upAgain();
    if (kind === 'receiver') {
      await receiver.kill();
      await sleep(receiverAwayMs);
      await receiver.start();
    }
    if (kind !== 'service') return;
    await this.#service?.kill();
    this.#service = await waitFor(
      'the service runs again',
      () => services.start('one').catch(() => undefined),
      startWithinMs,
    );
  }
}
