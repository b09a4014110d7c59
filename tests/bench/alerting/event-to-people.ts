import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from '../../support/api-client.ts';
import type { FieldBench } from '../field/field-bench.ts';
import { percentile } from '../figure.ts';
import { apartAlarm, type BenchGateway, connectAll, motion } from './bench-gateway.ts';
import { apartCount, benchSite, dangers, gatewayCount } from './bench-site.ts';
import { withServices } from './with-services.ts';

const perSecond = 500;
const criticalPerSecond = 5;
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
          const gateways = await connectAll(services.mqttPort, site);
          const sentAt = await offer(gateways);
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

/** Sends the load evenly; gives when each critical event was captured, by device and kind. */
async function offer(gateways: readonly BenchGateway[]): Promise<ReadonlyMap<string, number>> {
  const sentAt = new Map<string, number>();
  const startMs = performance.now();
  const total = perSecond * seconds;
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - startMs) / 1000) * perSecond));
    for (; sent < due; sent++) {
      const critical = sent % (perSecond / criticalPerSecond) === 0;
      const index = sent % gatewayCount;
      if (!critical) gateways[index]?.send([motion(index)]);
      else {
        const which = sent / (perSecond / criticalPerSecond);
        const zone = which % apartCount;
        const danger = dangers[Math.floor(which / apartCount) % dangers.length] ?? 'smoke';
        sentAt.set(`apart-${zone} ${danger}`, Date.now());
        gateways[zone % gatewayCount]?.send([apartAlarm(zone, danger)]);
      }
    }
    await sleep(2);
  }
  return sentAt;
}

const dangerOf = (text: string): string => (/panic/i.test(text) ? 'panic' : 'smoke');

/** When the stream first told of each alert. */
class StreamTimes {
  readonly times = new Map<string, number>();
  readonly #abort = new AbortController();

  async open(api: ApiClient): Promise<void> {
    const answer = await api.get('/stream', this.#abort.signal);
    if (!answer.ok || !answer.body) throw new Error(`the stream answered ${answer.status}`);
    void this.#read(answer.body).catch(() => undefined);
  }

  close(): void {
    this.#abort.abort();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    for await (const bytes of body) {
      text += decoder.decode(bytes, { stream: true });
      const messages = text.split('\n\n');
      text = messages.pop() ?? '';
      for (const message of messages) {
        const data = /^event: alert$/m.test(message) && /^data: (.*)$/m.exec(message)?.[1];
        if (!data) continue;
        const { device, eventType } = JSON.parse(data) as { device: string; eventType: string };
        const key = `${device} ${dangerOf(eventType)}`;
        if (!this.times.has(key)) this.times.set(key, Date.now());
      }
    }
  }
}

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
