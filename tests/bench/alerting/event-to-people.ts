import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from '../../support/api-client.ts';
import { ReceiptedSender } from '../../support/receipted-sender.ts';
import type { FieldBench } from '../field/field-bench.ts';
import { percentile } from '../figure.ts';
import { benchSite } from './bench-site.ts';
import { dangerOf, offerCriticals, StreamTimes } from './people-load.ts';
import { withServices } from './with-services.ts';

const seconds = 120;
const answerMs = 20;
const drainMs = 30_000;

/**
 * `event_to_stream_p50_ms`, `event_to_stream_p99_ms`, `event_to_notice_p99_ms`: 500 events/s for two minutes,
 * of which 5 are critical, each an incident in a zone of its own; from the capture time to the event stream
 * of an officer, and to a webhook without a limit that answers in 20 ms. Every alert and every notice is a
 * sample.
 */
export const eventToPeople: FieldBench = {
  name: 'people',
  figures: ['event_to_stream_p50_ms', 'event_to_stream_p99_ms', 'event_to_notice_p99_ms'],
  run: async (say) => {
    const site = benchSite('bench');
    const secrets = mkdtempSync(join(tmpdir(), 'watchpost-bench-secrets-'));
    writeFileSync(join(secrets, 'notify-bench'), 'a key of the bench', { mode: 0o600 });
    const hook = new WebHook();
    try {
      const channels = { secretsFolder: secrets, allowNetworks: ['127.0.0.0/8'] };
      return await withServices(
        site,
        say,
        async ({ services }) => {
          const service = await services.start('one');
          const api = await ApiClient.logIn({ ...services, ...service, ready: true, mqtt: '', flows: '' });
          const made = await api.post(`/receivers?site=${site.id}`, {
            ...{ id: randomUUID(), name: 'Bench', language: 'en', severities: ['critical'], cap: null },
            address: { kind: 'webhook', url: await hook.start(), key: 'notify-bench' },
          });
          if (!made.ok) throw new Error(`the receiver was refused: ${await made.text()}`);
          const streamed = new StreamTimes();
          await streamed.open(api);
          const gateways = await ReceiptedSender.connectAll(services.mqttPort, site);
          const sentAt = await offerCriticals(gateways, seconds);
          const total = sentAt.size;
          const untilMs = performance.now() + drainMs;
          while (performance.now() < untilMs && (hook.times.size < total || streamed.times.size < total))
            await sleep(100);
          streamed.close();
          for (const gateway of gateways) gateway.stop();
          const after = (times: ReadonlyMap<string, number>) =>
            [...times].flatMap(([key, ms]) => {
              const sent = sentAt.get(key);
              return sent === undefined ? [] : [ms - sent];
            });
          const [stream, notice] = [after(streamed.times), after(hook.times)];
          say(`people: ${total} criticals, ${stream.length} on the stream, ${notice.length} notices`);
          say(`people: notices p50 ${percentile(notice, 0.5)} ms, longest ${Math.max(...notice)} ms`);
          // What did not come would be a sample without end.
          const p = (values: readonly number[], share: number) =>
            values.length < total ? Number.NaN : Math.round(percentile(values, share));
          return [
            { figure: 'event_to_stream_p50_ms', value: p(stream, 0.5), unit: 'ms', n: stream.length },
            { figure: 'event_to_stream_p99_ms', value: p(stream, 0.99), unit: 'ms', n: stream.length },
            { figure: 'event_to_notice_p99_ms', value: p(notice, 0.99), unit: 'ms', n: notice.length },
          ];
        },
        { channels },
      );
    } finally {
      await hook.stop();
      rmSync(secrets, { recursive: true, force: true });
    }
  },
};

/** A receiver on loopback that answers after a while; when it first heard of each alert. */
class WebHook {
  readonly times = new Map<string, number>();
  readonly #server = createServer((request, response) => {
    const atMs = Date.now();
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      const room = /Room (\d+)/.exec(body)?.[1];
      const key = `apart-${room} ${dangerOf(body)}`;
      if (room !== undefined && !this.times.has(key)) this.times.set(key, atMs);
      setTimeout(() => response.writeHead(204).end(), answerMs);
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/hook`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
