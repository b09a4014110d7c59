import type { AedesPublishPacket } from 'aedes';
import { RetainedMessages } from '../domain/retained-messages.ts';
import { SubscriptionTree } from '../domain/subscription-tree.ts';
import { pairs } from './bus-entry.ts';

/**
 * What every node knows of the whole cluster: filters of the sessions that are kept, and retained messages.
 */
export class Replica {
  readonly #filters = new Map<string, Map<string, number>>();
  #tree = new SubscriptionTree<number>();
  #retained = new RetainedMessages<AedesPublishPacket>(Infinity, Infinity);
  /** Bus id of the last change of filters that is in here. */
  version = '0-0';

  get retained(): RetainedMessages<AedesPublishPacket> {
    return this.#retained;
  }

  load(version: string, filters: readonly unknown[], retained: readonly unknown[]): void {
    this.#filters.clear();
    this.#tree = new SubscriptionTree();
    this.#retained = new RetainedMessages(Infinity, Infinity);
    this.version = version;
    for (let index = 0; index + 1 < filters.length; index += 2) {
      const clientId = String(filters[index]);
      const list = pairs(filters[index + 1] as unknown[]);
      this.change(
        clientId,
        list.map(([filter, qos]) => [filter.toString(), Number(qos)] as const),
        [],
      );
    }
    for (const [topic, value] of pairs(retained))
      this.retain(topic.toString(), Number(value.subarray(0, 1)) as 0 | 1 | 2, value.subarray(1));
  }

  change(clientId: string, set: readonly (readonly [string, number])[], deleted: readonly string[]): void {
    const filters = this.#filters.get(clientId) ?? new Map<string, number>();
    this.#filters.set(clientId, filters);
    for (const [filter, qos] of set) {
      filters.set(filter, qos);
      if (qos > 0) this.#tree.set(filter, clientId, qos);
      else this.#tree.delete(filter, clientId);
    }
    for (const filter of deleted) {
      filters.delete(filter);
      this.#tree.delete(filter, clientId);
    }
  }

  end(clientId: string): void {
    for (const filter of this.#filters.get(clientId)?.keys() ?? []) this.#tree.delete(filter, clientId);
    this.#filters.delete(clientId);
  }

  /** An empty payload removes. */
  retain(topic: string, qos: 0 | 1 | 2, payload: Buffer): void {
    const packet = { cmd: 'publish', topic, qos, payload, retain: true, dup: false } as AedesPublishPacket;
    this.#retained.store(packet, payload.length);
  }

  /** Sessions with a matching filter, each once, with its highest QoS ([MQTT-3.3.5-1]). */
  match(topic: string): [clientId: string, qos: number][] {
    const highest = new Map<string, number>();
    for (const [clientId, qos] of this.#tree.match(topic))
      if (qos > (highest.get(clientId) ?? 0)) highest.set(clientId, qos);
    return [...highest];
  }
}
