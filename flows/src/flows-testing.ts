import { createServer, type Server } from 'node:net';
import { type Alert, alertSchema } from '@watchpost/contracts/alert';
import { alertTopic } from '@watchpost/contracts/wire';
import { Aedes } from 'aedes';

/** For tests: an alert that the contracts accept. */
export function sampleAlert(changes: Partial<Record<keyof Alert, unknown>> = {}): Alert {
  return alertSchema.parse({
    id: crypto.randomUUID(),
    site: 'demo',
    zone: 'gate',
    gateway: 'gw1',
    device: 'smoke-1',
    eventType: 'watchpost.sensor.alarm.v1',
    details: { kind: 'smoke' },
    severity: 'critical',
    state: 'open',
    condition: 'active',
    risk: {
      score: 80,
      factors: [{ name: 'severity_of_type', points: 80, because: { kind: 'smoke' } }],
      ruleSet: '1',
    },
    eventCount: 1,
    openedAt: '2026-11-01T08:15:30.250Z',
    lastEventAt: '2026-11-01T08:15:30.250Z',
    updatedAt: '2026-11-01T08:15:30.250Z',
    acknowledgedBy: null,
    resolvedBy: null,
    disposition: null,
    version: 1,
    ...changes,
  });
}

/** A real broker for tests; wants user `flows` with password `right` when told so. */
export class TestBroker {
  readonly #aedes: Aedes;
  readonly #server: Server;

  private constructor(aedes: Aedes, server: Server) {
    this.#aedes = aedes;
    this.#server = server;
  }

  static async start(port = 0): Promise<TestBroker> {
    const aedes = await Aedes.createBroker({
      authenticate: (_client, username, password, done) =>
        done(null, username === 'flows' && password?.toString() === 'right'),
    });
    const server = createServer(aedes.handle);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return new TestBroker(aedes, server);
  }

  get port(): number {
    const address = this.#server.address();
    return address && typeof address === 'object' ? address.port : 0;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  publish(topic: string, payload: string | Buffer, retain = true): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#aedes.publish({ cmd: 'publish', topic, payload, qos: 1, retain, dup: false }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }

  publishAlert(alert: Alert): Promise<void> {
    return this.publish(alertTopic(alert.site, alert.id), JSON.stringify(alert));
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    await new Promise<void>((resolve) => this.#aedes.close(resolve));
    await closed;
  }
}

/** Waits until `read` gives something; the test's own time limit ends it otherwise. */
export async function eventually<T>(read: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
