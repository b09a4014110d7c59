import { LeanClient } from './lean-client.ts';

/**
 * What a load process is asked to do. It says `measuring` when its clients are connected and warm, and
 * answers with {@link LoadResult}.
 */
export interface LoadOrder {
  readonly port: number;
  readonly anonymous: boolean;
  /** Numbers of the gateways that this process plays; it also plays one subscriber to all of them. */
  readonly gateways: readonly number[];
  readonly seconds: number;
  /**
   * Messages on their way per gateway, from the publisher to the subscriber and acknowledged to the
   * publisher.
   */
  readonly window: number;
  /** Messages per second in all instead of as many as possible; then latencies are measured. */
  readonly perSecond?: number | undefined;
  /** Where the clients come from; 127.0.0.1 if not given. */
  readonly localAddress?: string | undefined;
}

export interface LoadResult {
  readonly messages: number;
  readonly seconds: number;
  /** Share of one processor that this process used. */
  readonly cpu: number;
  readonly latenciesMs: readonly number[];
  /** How long after it was due each message was written: this process’s own part of its latency. */
  readonly lateMs: readonly number[];
  /** At a steady rate: what did not come, or came out of order or twice. */
  readonly faults: number;
}

const payloadBytes = 200;

/**
 * One gateway: keeps its window full. A message has left it when the subscriber has it and the publisher
 * knows.
 */
class Gateway {
  delivered = 0;
  acknowledged = 0;
  sent = 0;
  readonly #client: LeanClient;
  readonly #frame: { bytes: Buffer; idAt: number };

  constructor(client: LeanClient, topic: string, index: number) {
    this.#client = client;
    const payload = Buffer.alloc(payloadBytes, 'x');
    payload[0] = index;
    this.#frame = LeanClient.frame(topic, payload);
  }

  fill(window: number): void {
    const free = window - (this.sent - Math.min(this.delivered, this.acknowledged));
    if (free <= window / 4) return;
    this.sent += free;
    this.#client.send(this.#frame, free);
  }

  /** With its number behind the index. */
  one(): void {
    this.#frame.bytes.writeUInt32BE(this.sent++, this.#frame.idAt + 3);
    this.#client.send(this.#frame);
  }
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const { port, window, perSecond } = order;
  const account = (name: string, clientId = name) =>
    order.anonymous
      ? { clientId, localAddress: order.localAddress }
      : { clientId, username: name, localAddress: order.localAddress };
  const topics = order.gateways.map((number) => `wp/1/demo/gw${number}/up`);
  const gateways: Gateway[] = [];
  const departures: number[] = [];
  const latenciesMs: number[] = [];
  const lateMs: number[] = [];
  let [going, faults] = [true, 0];
  const subscriberId = `alerting-${order.gateways[0]}`;
  const subscriber = await LeanClient.connect(port, account('alerting', subscriberId), {
    message(payload) {
      const gateway = gateways[payload[0] ?? 0];
      if (!gateway) return;
      if (perSecond !== undefined) {
        if (payload.readUInt32BE(1) !== gateway.delivered) faults++;
        latenciesMs.push(performance.now() - (departures[gateway.delivered] ?? 0));
      }
      gateway.delivered++;
      if (going && perSecond === undefined) gateway.fill(window);
    },
  });
  await subscriber.subscribe(topics, 1);
  for (const [index, topic] of topics.entries()) {
    const name = `gw${order.gateways[index]}`;
    const client = await LeanClient.connect(port, account(name), {
      acknowledged() {
        const gateway = gateways[index];
        if (!gateway) return;
        gateway.acknowledged++;
        if (going && perSecond === undefined) gateway.fill(window);
      },
    });
    gateways.push(new Gateway(client, topic, index));
  }
  if (perSecond === undefined) for (const gateway of gateways) gateway.fill(window);
  else pace(gateways, perSecond, { departures, lateMs }, () => going);
  await new Promise((resolve) => setTimeout(resolve, 1000)); // warm
  const delivered = () => gateways.reduce((sum, gateway) => sum + gateway.delivered, 0);
  const before = { delivered: delivered(), time: performance.now(), cpu: process.cpuUsage() };
  latenciesMs.length = 0;
  lateMs.length = 0;
  process.send?.('measuring');
  await new Promise((resolve) => setTimeout(resolve, order.seconds * 1000));
  const seconds = (performance.now() - before.time) / 1000;
  const used = process.cpuUsage(before.cpu);
  going = false;
  const [first] = gateways;
  if (perSecond !== undefined && first) {
    for (let wait = 0; wait < 200 && first.delivered < first.sent; wait++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    faults += first.sent - first.delivered;
  }
  return {
    messages: delivered() - before.delivered,
    seconds,
    cpu: (used.user + used.system) / 1e6 / seconds,
    latenciesMs,
    lateMs,
    faults,
  };
}

/** One gateway at a steady rate; a late timer sends what is due, with the time at which it was due. */
function pace(
  [gateway]: Gateway[],
  perSecond: number,
  { departures, lateMs }: { departures: number[]; lateMs: number[] },
  going: () => boolean,
): void {
  const startMs = performance.now();
  const timer = setInterval(() => {
    if (!going() || !gateway) return clearInterval(timer);
    while (gateway.sent < ((performance.now() - startMs) * perSecond) / 1000) {
      const dueMs = startMs + (gateway.sent * 1000) / perSecond;
      departures.push(dueMs);
      lateMs.push(performance.now() - dueMs);
      gateway.one();
    }
  }, 1);
}

process.once('message', (order: LoadOrder) => {
  run(order).then(
    (result) => process.send?.(result, () => process.exit(0)),
    (error: unknown) => {
      process.stderr.write(`${error}\n`);
      process.exit(1);
    },
  );
});
