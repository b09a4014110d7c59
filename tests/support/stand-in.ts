import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlertingOptions } from '@watchpost/alerting';
import { WebReceiver } from '../../alerting/src/testing/web-receiver.ts';
import type { ApiClient } from './api-client.ts';
import { waitFor } from './wait-for.ts';

/** A webhook that stands in for others, and what alerting needs to reach it. */
export class StandIn {
  readonly hook: WebReceiver;
  readonly #folder: string;

  private constructor(hook: WebReceiver, folder: string) {
    this.hook = hook;
    this.#folder = folder;
  }

  static async start(): Promise<StandIn> {
    const folder = mkdtempSync(join(tmpdir(), 'watchpost-stand-in-'));
    writeFileSync(join(folder, 'notify-hook'), 'a key of tests only', { mode: 0o600 });
    return new StandIn(await new WebReceiver().start(), folder);
  }

  get options(): Pick<AlertingOptions, 'channels' | 'dataFolder'> {
    const allowNetworks = ['127.0.0.1/32'];
    return { channels: { secretsFolder: this.#folder, allowNetworks }, dataFolder: this.#folder };
  }

  /** Puts a secret beside the others. */
  secret(name: string, content: string): void {
    writeFileSync(join(this.#folder, name), content, { mode: 0o600 });
  }

  /** Makes it a receiver of a site. */
  async register(client: ApiClient, site: string): Promise<void> {
    const answer = await client.post(`/receivers?site=${site}`, {
      ...{ id: randomUUID(), name: 'Stand-in', language: 'en', severities: [], fallback: true, cap: null },
      address: { kind: 'webhook', url: this.hook.url, key: 'notify-hook' },
    });
    if (!answer.ok) throw new Error(`the receiver was refused: ${await answer.text()}`);
  }

  /** Subjects that it was told of, and which message of each. */
  get told(): readonly string[] {
    return this.hook.received.flatMap(({ body }) => {
      if (body === '') return [];
      const { subject, seq } = JSON.parse(body) as { subject: string; seq: number };
      return [`${subject} ${seq}`];
    });
  }

  /** Waits until it is told this. */
  async until(told: string, withinMs = 90_000): Promise<void> {
    await waitFor(`“${told}” at the stand-in`, async () => this.told.includes(told), withinMs);
  }

  async stop(): Promise<void> {
    await this.hook.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
