import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { incidentPageSchema } from '@watchpost/contracts/api';
import { ApiClient } from '../../support/api-client.ts';
import { ReceiptedSender } from '../../support/receipted-sender.ts';
import type { FieldBench } from '../field/field-bench.ts';
import { benchSite, gatewayCount } from './bench-site.ts';
import { detectorAlarm } from './said.ts';
import { withServices } from './with-services.ts';

const devices = 100;
const eventsEach = 100;
const seconds = 60;
/** Until every update of the storm has gone that waits for its time, and one more would have. */
const afterwardsMs = 150_000;

/**
 * `storm_notices`: all notices, first and updates, to one receiver without a limit, from 100 devices that
 * report one fire 100 times each within a minute; until nothing waits any more. There is no figure unless it
 * is one incident that counts every event. `storm_first_notice_ms`: from the first event to the webhook.
 */
export const storm: FieldBench = {
  name: 'storm',
  figures: ['storm_notices', 'storm_first_notice_ms'],
  run: async (say) => {
    const site = benchSite('bench');
    const secrets = mkdtempSync(join(tmpdir(), 'watchpost-bench-secrets-'));
    writeFileSync(join(secrets, 'notify-bench'), 'a key of the bench', { mode: 0o600 });
    const heard: { readonly atMs: number; readonly kind: string; readonly subject: string }[] = [];
    const hook = createServer((request, response) => {
      const atMs = Date.now();
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { kind, subject } = JSON.parse(Buffer.concat(parts).toString()) as Record<string, string>;
        heard.push({ atMs, kind: String(kind), subject: String(subject) });
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    const address = hook.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/hook`;
    try {
      const channels = { secretsFolder: secrets, allowNetworks: ['127.0.0.0/8'] };
      return await withServices(
        site,
        say,
        async ({ services }) => {
          const service = await services.start('one');
          const api = await ApiClient.logIn({ ...services, ...service, ready: true, mqtt: '', flows: '' });
          const made = await api.post(`/receivers?site=${site.id}`, {
            ...{ id: randomUUID(), name: 'Bench', language: 'en', cap: null },
            severities: ['critical', 'high', 'medium', 'low'],
            address: { kind: 'webhook', url, key: 'notify-bench' },
          });
          if (!made.ok) throw new Error(`the receiver was refused: ${await made.text()}`);
          const gateways = await ReceiptedSender.connectAll(services.mqttPort, site);
          const beganMs = Date.now();
          await offer(gateways);
          await sleep(afterwardsMs);
          for (const gateway of gateways) gateway.stop();
          const answer = await api.get(`/incidents?site=${site.id}&concern=fire`);
          const { incidents } = incidentPageSchema.parse(await answer.json());
          const [fire] = incidents;
          if (incidents.length !== 1 || fire?.alerts !== devices || fire.events !== devices * eventsEach)
            throw new Error(
              `not one incident of all: ${JSON.stringify(incidents.map(({ alerts, events }) => [alerts, events]))}`,
            );
          // The gateways of the bench say nothing of themselves: their loss is another matter.
          const told = heard.filter(({ subject }) => subject === fire.id);
          const after = told.map(({ atMs }) => atMs - beganMs);
          say(
            `storm: ${fire.events} events in one incident; told ${told.map(({ kind }) => kind).join(', ')} after ${after.join(', ')} ms`,
          );
          return [
            { figure: 'storm_notices', value: told.length, unit: 'notices', n: fire.events },
            { figure: 'storm_first_notice_ms', value: after[0] ?? Number.NaN, unit: 'ms', n: 1 },
          ];
        },
        { channels },
      );
    } finally {
      hook.closeAllConnections();
      await new Promise((resolve) => hook.close(resolve));
      rmSync(secrets, { recursive: true, force: true });
    }
  },
};

/** Every device reports evenly, all of them in turn. */
async function offer(gateways: readonly ReceiptedSender[]): Promise<void> {
  const total = devices * eventsEach;
  const startMs = performance.now();
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.ceil(((performance.now() - startMs) / 1000) * (total / seconds)));
    for (; sent < due; sent++) {
      const device = sent % devices;
      gateways[device % gatewayCount]?.send([detectorAlarm(device, 'smoke')]);
    }
    await sleep(2);
  }
}
