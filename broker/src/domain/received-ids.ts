/**
 * Packet ids of QoS 2 messages between PUBLISH and PUBREL, by client. The id is all that is needed to know a
 * repetition ([MQTT-4.3.3-2]); the message itself is on its way already.
 */
export class ReceivedIds {
  readonly #ids = new Map<string, Set<number>>();

  add(clientId: string, messageId = 0): void {
    const ids = this.#ids.get(clientId) ?? new Set<number>();
    this.#ids.set(clientId, ids.add(messageId));
  }

  has(clientId: string, messageId = 0): boolean {
    return this.#ids.get(clientId)?.has(messageId) === true;
  }

  /** Whether it was there. */
  delete(clientId: string, messageId = 0): boolean {
    return this.#ids.get(clientId)?.delete(messageId) === true;
  }

  forget(clientId: string): void {
    this.#ids.delete(clientId);
  }
}
