import { randomUUID } from 'node:crypto';
import { type EventData, type EventType, type Site, siteSchema } from '@watchpost/contracts';
import mqtt, { type MqttClient } from 'mqtt';
import { LeanClient } from '../../broker/src/bench/lean-client.ts';

const text = (en: string, zh: string) => ({ en, 'zh-CN': zh });

/** A site with a gateway `calm` of many smoke detectors, and a gateway `loud` with one thermometer, which floods. */
export function floodedSite(detectors: number): Site {
  const device = (id: string, gateway: string, kind: string, x: number) => ({
    ...{
      id,
      gateway,
      kind,
      profile: 'test',
      zone: 'hall',
      name: text(`Device ${id}`, `设备 ${id}`),
      at: [x, 5],
    },
  });
  return siteSchema.parse({
    id: 'flooded',
    name: text('Flooded site', '洪泛站点'),
    timeZone: 'Asia/Shanghai',
    plan: { widthM: 60, heightM: 40, northWest: { latitude: 31.2, longitude: 121.5 }, walls: [] },
    gateways: ['calm', 'loud'],
    zones: [
      {
        ...{ id: 'hall', name: text('Hall', '大厅'), criticality: 0.8, public: true, armed: [] },
        outline: [
          [0, 0],
          [60, 0],
          [60, 40],
        ],
      },
    ],
    devices: [
      ...Array.from({ length: detectors }, (_each, index) =>
        device(`smoke-${index}`, 'calm', 'smoke', index + 1),
      ),
      device('thermometer', 'loud', 'temperature', 50),
    ],
  });
}

/** A gateway’s client that sends events one by one, as soon as they are captured. */
export class EventSender {
  readonly #client: MqttClient;
  readonly #site: string;
  readonly #gateway: string;
  readonly #epoch = randomUUID().replaceAll('-', '');
  #seq = 0;

  private constructor(client: MqttClient, site: string, gateway: string) {
    this.#client = client;
    this.#site = site;
    this.#gateway = gateway;
  }

  static async connect(port: number, site: string, gateway: string): Promise<EventSender> {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
      ...{ username: gateway, password: gateway, clientId: `wp-${site}-${gateway}` },
    });
    return new EventSender(client, site, gateway);
  }

  smoke(device: string): Promise<void> {
    return this.send('watchpost.sensor.alarm.v1', device, { kind: 'smoke' });
  }

  /** Captured so many milliseconds ago. Resolves when the broker has it. */
  async send<T extends EventType>(type: T, device: string, data: EventData<T>, agoMs = 0): Promise<void> {
    const event = {
      specversion: '1.0',
      id: randomUUID(),
      source: `/sites/${this.#site}/devices/${device}`,
      type,
      time: new Date(Date.now() - agoMs).toISOString(),
      subject: 'hall',
      data,
      gateway: this.#gateway,
      epoch: this.#epoch,
      seq: ++this.#seq,
    };
    await this.#client.publishAsync(`wp/1/${this.#site}/${this.#gateway}/up`, JSON.stringify(event), {
      qos: 1,
    });
  }

  async stop(): Promise<void> {
    await this.#client.endAsync(true);
  }
}

/** A message of so many bytes with measurements of one device. */
function pack(device: string, bytes: number): Buffer {
  const records: object[] = [];
  for (let index = 0; JSON.stringify(records).length < bytes - 30; index++)
    records.push({
      ...(index === 0 ? { bn: `${device}/` } : {}),
      n: 'temperature',
      u: 'Cel',
      v: 20 + index / 100,
      t: -index,
    });
  return Buffer.from(JSON.stringify(records).padEnd(bytes));
}

/** Sends telemetry of 1 kB at a rate, from another address, until it is stopped; gives how many were sent. */
export async function floodTelemetry(
  port: number,
  perSecond: number,
  { site = 'flooded', gateway = 'loud', device = 'thermometer' } = {},
): Promise<() => number> {
  const account = { clientId: `flood-${gateway}`, username: gateway, localAddress: '127.0.0.2' };
  const client = await LeanClient.connect(port, account);
  const frame = LeanClient.frame(`wp/1/${site}/${gateway}/telemetry`, pack(device, 1000));
  const startMs = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startMs) * perSecond) / 1000) - sent;
    if (due <= 0 || client.socket.destroyed) return;
    client.send(frame, due);
    sent += due;
  }, 5);
  return () => {
    clearInterval(timer);
    client.socket.destroy();
    return sent;
  };
}
