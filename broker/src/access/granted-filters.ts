import { filterMatches } from '@watchpost/contracts/wire';

/** The subscriptions of one connection with the QoS that was granted for each. */
export class GrantedFilters {
  readonly #filters = new Map<string, number>();

  get size(): number {
    return this.#filters.size;
  }

  has(filter: string): boolean {
    return this.#filters.has(filter);
  }

  grant(filter: string, qos: number): void {
    this.#filters.set(filter, qos);
  }

  withdraw(filter: string): void {
    this.#filters.delete(filter);
  }

  /**
   * The highest QoS of the subscriptions that match ([MQTT-3.3.5-1]), or `undefined` when none does (any
   * more): then a message that was already on its way keeps its own ([MQTT-3.10.4-3]).
   */
  qosFor(topic: string): number | undefined {
    let highest: number | undefined;
    for (const [filter, qos] of this.#filters) {
      if ((highest === undefined || qos > highest) && filterMatches(filter, topic)) highest = qos;
    }
    return highest;
  }
}
