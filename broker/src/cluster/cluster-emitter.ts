import mqemitter, { type Message, type MQEmitter } from 'mqemitter';
import { type BusEntry, placeOf } from './bus-entry.ts';
import type { Handed } from './cluster-store.ts';
import { fromBus, handedOver, isOfNode } from './message-origin.ts';

type Listener = (message: Message, done: () => void) => void;

/**
 * What Aedes publishes with: to Redis, from where it comes back to every node in the same order. Aedes’ own
 * `$SYS/…` stays on its node.
 */
export class ClusterEmitter {
  readonly #local: MQEmitter = mqemitter({ concurrency: 100 });
  readonly #handOver: (message: Handed) => Promise<void>;

  constructor(handOver: (message: Handed) => Promise<void>) {
    this.#handOver = handOver;
  }

  on(topic: string, listener: Listener, done?: () => void): this {
    this.#local.on(topic, listener, done);
    return this;
  }

  removeListener(topic: string, listener: Listener, done?: () => void): this {
    this.#local.removeListener(topic, listener, done);
    return this;
  }

  emit(message: Message, done: (error?: Error) => void): this {
    if (isOfNode(message.topic)) this.#local.emit(message, done);
    else if (message.brokerId === handedOver) done();
    else {
      const { clientId = '', topic, payload, qos, retain } = message;
      this.#handOver({ clientId, topic, payload: Buffer.from(payload), qos, retain }).then(
        () => done(),
        done,
      );
    }
    return this;
  }

  /** The packet that goes to the clients of this node for a message from the bus. */
  packetOf(message: Extract<BusEntry, { kind: 'message' }>) {
    const { id, topic, payload, qos, clientId } = message;
    const brokerCounter = placeOf(id);
    return {
      cmd: 'publish',
      topic,
      payload,
      qos,
      clientId,
      retain: false,
      dup: false,
      brokerId: fromBus,
      brokerCounter,
    };
  }

  /** Resolves when all clients of this node have it. */
  deliver(packet: Message): Promise<void> {
    return new Promise((resolve) => this.#local.emit(packet, () => resolve()));
  }

  close(done: () => void): void {
    this.#local.close(done);
  }
}
