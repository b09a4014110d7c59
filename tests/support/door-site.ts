import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AlertingService, startAlerting } from '@watchpost/alerting';
import { embeddedStore } from '../../alerting/src/testing/empty-cluster.ts';
import { demoSite } from './demo-site.ts';
import { call, cookiesOf } from './http-caller.ts';

type Options = Parameters<typeof startAlerting>[0];

/** Alerting with its doors, and people with accounts; the broker is away. */
export class DoorSite {
  readonly folder = mkdtempSync(join(tmpdir(), 'watchpost-doors-'));
  readonly options: Omit<Options, 'store'>;
  #service: AlertingService | undefined;

  constructor(
    more: Partial<Omit<Options, 'http' | 'store'>> & { readonly http?: Partial<Options['http']> } = {},
  ) {
    const { http, ...rest } = more;
    this.options = {
      sites: [{ site: demoSite }],
      // Nobody listens there: the doors open without a broker.
      broker: { url: 'mqtt://127.0.0.1:9' },
      accounts: people,
      ...rest,
      http: { host: '127.0.0.1', port: 0, scrapeToken, ...http },
    };
  }

  get address(): string {
    return this.#service?.address ?? '';
  }

  get port(): number {
    return this.#service?.port ?? 0;
  }

  async start(more: Partial<Options> = {}): Promise<this> {
    const store = await embeddedStore(join(this.folder, 'store'));
    this.#service = await startAlerting({ ...this.options, store, ...more });
    return this;
  }

  /** Stops, and starts again on the same data and port: cookies carry the port in their name. */
  async restart(more: Partial<Options> = {}): Promise<void> {
    const { port } = this;
    await this.#service?.stop();
    await this.start({ ...more, http: { ...this.options.http, ...more.http, port } });
  }

  async stop(): Promise<void> {
    await this.#service?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  logIn(user: string, secret = password, more: { from?: string; headers?: Record<string, string> } = {}) {
    const body = { user, password: secret };
    return call(`${this.address}/api/v1/session`, { method: 'POST', body, ...more });
  }

  /** The `cookie` header of somebody who is logged in. */
  async cookie(user = 'officer'): Promise<string> {
    return cookiesOf(await this.logIn(user));
  }

  /** A counter of `/metrics`, all label sets that hold `label` together. */
  async count(metric: string, label = ''): Promise<number> {
    const { text } = await call(`${this.address}/metrics`, {
      headers: { authorization: `Bearer ${scrapeToken}` },
    });
    const lines = text.split('\n').filter((line) => line.startsWith(metric) && line.includes(label));
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }
}

export const password = 'a password of this test';
const scrapeToken = 'a scrape token of this test';
/** One account per role, named as the role, and one more officer. */
export const people = [
  ...(['viewer', 'officer', 'integrator', 'admin'] as const).map((role) => ({ user: role, password, role })),
  { user: 'colleague', password, role: 'officer' as const },
];
