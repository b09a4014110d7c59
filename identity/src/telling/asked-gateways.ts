import { randomUUID } from 'node:crypto';
import { WatchpostError } from '@watchpost/contracts/errors';
import { doorPolicy } from '../policy.ts';
import type { AnnouncingKey } from './announcing-key.ts';

/** A gateway of a site. */
export interface GatewayOfSite {
  readonly site: string;
  readonly gateway: string;
}

type Signed = ReturnType<AnnouncingKey['signCommand']>;
/** What every command says. */
export interface Order {
  readonly id: string;
  readonly expires: string;
}

/** How gateways are reached. */
export interface AskedGatewaysOptions<Command> {
  /** Whether the gateway is one of a site here. */
  readonly isKnown: (site: string, gateway: string) => boolean;
  readonly keyOf: (site: string) => Pick<AnnouncingKey, 'signCommand'> | undefined;
  /** @returns whether the command left */
  readonly send: (site: string, gateway: string, command: Command) => boolean;
  readonly nowMs: () => number;
  readonly withinMs: number;
}

/** What a gateway is asked for. */
export interface Question<Kept, Command> {
  readonly to: GatewayOfSite;
  /** What is signed of it. */
  readonly statement: (order: Order) => Parameters<AnnouncingKey['signCommand']>[0];
  readonly command: (order: Order, signed: Signed) => Command;
  /** Known here until the answer comes. */
  readonly kept: Kept;
}

interface Waiting<Kept, Answer> extends GatewayOfSite {
  readonly kept: Kept;
  readonly take: (answer: Answer) => void;
}

/**
 * Asks gateways by signed commands for what they bring through the door: one question of a gateway at a time,
 * within a deadline, in memory alone.
 */
export class AskedGateways<Kept, Answer, Command> {
  readonly #options: AskedGatewaysOptions<Command>;
  readonly #waiting = new Map<string, Waiting<Kept, Answer>>();

  constructor(options: AskedGatewaysOptions<Command>) {
    this.#options = options;
  }

  /** @throws WatchpostError `still.away`, `still.busy`, `still.late` */
  async ask({ to, statement, command, kept }: Question<Kept, Command>): Promise<Answer> {
    const { isKnown, keyOf, send, nowMs, withinMs } = this.#options;
    const { site, gateway } = to;
    const key = keyOf(site);
    if (!key || !isKnown(site, gateway)) throw new WatchpostError('still.away');
    const others = [...this.#waiting.values()];
    const isBusy = others.some((one) => one.site === site && one.gateway === gateway);
    if (isBusy || others.length >= doorPolicy.stillsAtOnce) throw new WatchpostError('still.busy');
    const order = { id: randomUUID(), expires: new Date(nowMs() + withinMs).toISOString() };
    const signed = key.signCommand(statement(order));
    let overdue: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Answer>((resolve, reject) => {
        overdue = setTimeout(() => reject(new WatchpostError('still.late')), withinMs);
        this.#waiting.set(order.id, { site, gateway, kept, take: resolve });
        if (!send(site, gateway, command(order, signed))) reject(new WatchpostError('still.away'));
      });
    } finally {
      clearTimeout(overdue);
      this.#waiting.delete(order.id);
    }
  }

  /**
   * What is awaited of this gateway under an id: what another one was asked is nothing that it may know.
   * @throws WatchpostError `still.unknown`
   */
  find({ site, gateway }: GatewayOfSite, id: string): Waiting<Kept, Answer> {
    const found = this.#waiting.get(id);
    if (found?.site === site && found.gateway === gateway) return found;
    throw new WatchpostError('still.unknown');
  }
}
