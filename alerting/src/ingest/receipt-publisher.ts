import { gatewayTopic, type Receipt } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import { systemGateway } from '../health/loss-finding.ts';
import type { Queryable } from '../store/schema.ts';
import { newestWatermarks, watermarkOf } from '../store/watermark-store.ts';
import type { EpochPosition } from './handle-positions.ts';
import { ingestPolicy } from './policy.ts';

/** What {@link ReceiptPublisher} needs. */
export interface ReceiptPublisherOptions {
  readonly db: Queryable;
  readonly site: string;
  /** Publishes retained. */
  readonly publish: (topic: string, payload: string) => void;
  /** Whether this service speaks for a gateway; others tell it of theirs. */
  readonly holds?: (gateway: string) => boolean;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

/** Tells gateways up to which position their events are committed, and what time it is here. */
export class ReceiptPublisher {
  readonly #options: ReceiptPublisherOptions;
  /** The newest receipt of each epoch, by gateway and epoch. */
  readonly #newest = new Map<string, number>();

  constructor(options: ReceiptPublisherOptions) {
    this.#options = options;
  }

  /** Publishes the receipt of a watermark that is committed. */
  publish({ gateway, epoch, seq }: EpochPosition): void {
    const { site, nowMs, publish, holds } = this.#options;
    // Alerting itself needs none.
    if (gateway === systemGateway || holds?.(gateway) === false) return;
    this.#newest.delete(`${gateway} ${epoch}`);
    this.#newest.set(`${gateway} ${epoch}`, seq);
    for (const oldest of this.#newest.keys()) {
      if (this.#newest.size <= ingestPolicy.rememberedEpochs) break;
      this.#newest.delete(oldest);
    }
    const time = new Date(nowMs()).toISOString();
    const receipt = { epoch, seq, time } satisfies Record<keyof Receipt, unknown>;
    publish(gatewayTopic('receipt', site, gateway), JSON.stringify(receipt));
  }

  /** Tells every gateway the time, by the receipt that it had last. */
  publishNewest(): void {
    const byGateway = new Map<string, EpochPosition>();
    for (const [key, seq] of this.#newest) {
      const [gateway = '', epoch = ''] = key.split(' ');
      byGateway.set(gateway, { gateway, epoch, seq });
    }
    for (const position of byGateway.values()) this.publish(position);
  }

  /** Publishes the receipts of the store, those that nobody heard included. Does not throw. */
  async publishStored(): Promise<void> {
    const { db, site, logger } = this.#options;
    try {
      for (const watermark of await newestWatermarks(db, site)) this.publish(watermark);
    } catch (error) {
      logger.warn({ err: error }, 'receipts could not be published again');
    }
  }

  /**
   * A state is answered with a receipt: so a gateway learns what time it is before it sends anything. Does
   * not throw.
   */
  async answerState(gateway: string, epoch: string): Promise<void> {
    const { db, site, logger } = this.#options;
    try {
      const key = `${gateway} ${epoch}`;
      const stored = this.#newest.get(key) ?? (await watermarkOf(db, { site, gateway, epoch }));
      // A commit may have come in between.
      this.publish({ gateway, epoch, seq: Math.max(stored, this.#newest.get(key) ?? 0) });
    } catch (error) {
      logger.warn({ err: error, gateway }, 'state not answered');
    }
  }
}
