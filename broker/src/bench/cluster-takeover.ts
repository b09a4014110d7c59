import { setTimeout as delay } from 'node:timers/promises';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { startRedis } from './server-process.ts';
import { benchConfig, isInstalled, type Subject, startOurs } from './subjects.ts';
import type { Figure, Progress } from './throughput.ts';

const up = 'wp/1/demo/gw1/up';
const receipt = 'wp/1/demo/gw1/receipt';
const everyMs = 4;

/** The way to whichever node lives: what a TCP balancer does for a new connection. */
class Balancer {
  readonly nodes: (Subject | undefined)[] = [];
  #turn = 0;

  connect(name: string, options: IClientOptions): MqttClient {
    const client = mqtt.connect({
      ...{ host: '127.0.0.1', port: this.#next(), username: name, password: name, reconnectPeriod: 20 },
      ...options,
    });
    client.on('close', () => {
      client.options.port = this.#next();
    });
    client.on('error', () => undefined);
    return client;
  }

  #next(): number {
    for (;;) {
      const node = this.nodes[this.#turn++ % this.nodes.length];
      if (node) return node.port;
    }
  }
}

/**
 * A gateway with an outbox: every message is kept until a receipt covers it, and sent again after a
 * reconnect.
 */
class Sender {
  sent = 0;
  covered = 0;
  readonly client: MqttClient;
  readonly #timer: NodeJS.Timeout;

  constructor(balancer: Balancer) {
    this.client = balancer.connect('gw1', { clientId: 'gw1', clean: false, queueQoSZero: false });
    this.client.on('message', (_topic, payload) => {
      this.covered = Math.max(this.covered, Number(payload.toString()));
    });
    this.client.on('connect', () => {
      this.client.subscribe(receipt, { qos: 1 });
      for (let sequence = this.covered + 1; sequence <= this.sent; sequence++) this.#publish(sequence);
    });
    this.#timer = setInterval(() => this.#publish(++this.sent), everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #publish(sequence: number): void {
    if (this.client.connected) this.client.publish(up, String(sequence), { qos: 1 }, () => undefined);
  }
}

/** Alerting with its watermark: it takes each number once, and confirms up to where none is missing. */
class Receiver {
  readonly taken = new Set<number>();
  watermark = 0;
  twice = 0;
  onNew: (sequence: number) => void = () => undefined;
  readonly client: MqttClient;

  constructor(balancer: Balancer) {
    this.client = balancer.connect('alerting', { clientId: 'alerting', clean: false });
    this.client.on('connect', () => {
      this.client.subscribe(up, { qos: 1 });
      this.#confirm();
    });
    this.client.on('message', (_topic, payload) => {
      const sequence = Number(payload.toString());
      if (this.taken.has(sequence)) this.twice++;
      else this.onNew(sequence);
      this.taken.add(sequence);
      while (this.taken.has(this.watermark + 1)) this.watermark++;
      this.#confirm();
    });
  }

  #confirm(): void {
    if (this.client.connected)
      this.client.publish(receipt, String(this.watermark), { qos: 1, retain: true }, () => undefined);
  }
}

/**
 * A gateway sends 250 messages a second to alerting over two brokers on one Redis. Again and again the broker
 * that has both connections is killed; messages count as lost when they never arrive.
 */
export async function benchCluster(progress: Progress, kills = 5): Promise<Figure[]> {
  if (!isInstalled('redis-server')) {
    progress('redis-server is not installed: the cluster figures are left out');
    return [];
  }
  const redis = await startRedis();
  const config = benchConfig({ cluster: { url: `redis://127.0.0.1:${redis.port}`, deadAfterMs: 1000 } });
  const balancer = new Balancer();
  for (let index = 0; index < 2; index++) balancer.nodes.push(await startOurs(config));
  await delay(500);
  const sender = new Sender(balancer);
  const receiver = new Receiver(balancer);
  const takeovers: number[] = [];
  try {
    for (let kill = 0; kill < kills; kill++) {
      await delay(1500);
      const index = kill % 2;
      const [victim, due] = [balancer.nodes[index], sender.sent];
      balancer.nodes[index] = undefined;
      const killedMs = performance.now();
      const again = new Promise<number>((resolve) => {
        receiver.onNew = (sequence) => {
          if (sequence > due) resolve(performance.now() - killedMs);
        };
      });
      victim?.child?.kill('SIGKILL');
      takeovers.push(await again);
      progress(`kill ${kill + 1}/${kills}: new messages arrive after ${takeovers.at(-1)?.toFixed(0)} ms`);
      await victim?.stop();
      balancer.nodes[index] = await startOurs(config);
    }
    await delay(1000);
    sender.stop();
    for (let wait = 0; wait < 200 && sender.covered < sender.sent; wait++) await delay(50);
    const lost = sender.sent - receiver.taken.size;
    progress(`${sender.sent} sent, ${receiver.taken.size} arrived, ${receiver.twice} of them more than once`);
    const sorted = takeovers.toSorted((a, b) => a - b);
    return [
      {
        figure: 'cluster_takeover_ms',
        value: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
        unit: 'ms',
        n: kills,
      },
      { figure: 'cluster_lost', value: lost, unit: 'messages', n: sender.sent },
    ];
  } finally {
    sender.stop();
    await Promise.all([sender.client.endAsync(true), receiver.client.endAsync(true)]);
    for (const node of balancer.nodes) await node?.stop();
    await redis.stop();
  }
}
