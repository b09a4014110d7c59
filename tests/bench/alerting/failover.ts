import { setTimeout as sleep } from 'node:timers/promises';
import { ResendingGateway } from '../../support/resending-gateway.ts';
import { sensorSite } from '../../support/sensor-site.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { FieldBench } from '../field/field-bench.ts';
import { withServices } from './with-services.ts';

const kills = 5;
const gatewayCount = 6;
const everyMs = 100;

/**
 * `failover_s`: one of two services is killed under load; until each gateway, which sends again as a gateway
 * does, has a receipt for what it sent after that. The longest of all kills.
 */
export const failover: FieldBench = {
  name: 'failover',
  figures: ['failover_s'],
  run: async (say) => {
    const site = sensorSite(
      'bench',
      Array.from({ length: gatewayCount }, (_, index) => ({
        ...{ id: `door-${index}`, gateway: `gw-${index}`, kind: 'door_contact' as const },
      })),
    );
    return await withServices(site, say, async ({ services, db }) => {
      const running = [await services.start('one'), await services.start('two')];
      const gateways = await Promise.all(
        site.gateways.map((id, index) =>
          ResendingGateway.connect(services.mqttPort, site.id, id, `door-${index}`),
        ),
      );
      const sending = setInterval(() => {
        for (const gateway of gateways) gateway.send();
      }, everyMs);
      const shared = async () => {
        const { rows } = await db.query(
          `select from gateway_lease where until > now() and gateway <> 'alerting' group by holder`,
        );
        return rows.length === 2;
      };
      const tookMs: number[] = [];
      try {
        for (let kill = 0; kill < kills; kill++) {
          await waitFor('both services have gateways', shared);
          await sleep(500 + 500 * Math.random());
          const victim = running.shift();
          const atMs = performance.now();
          await victim?.kill();
          const lastMs = await waitFor('every gateway is heard', () => {
            const times = gateways.map((gateway) => gateway.coveredAfter(atMs));
            return times.every((ms) => ms !== undefined) ? Math.max(...times) : undefined;
          });
          tookMs.push(lastMs - atMs);
          running.push(await services.start(victim?.name ?? ''));
        }
      } finally {
        clearInterval(sending);
        for (const gateway of gateways) await gateway.stop();
      }
      say(`failover: ${tookMs.map((ms) => (ms / 1000).toFixed(1)).join(', ')} s`);
      const value = Math.round(Math.max(...tookMs) / 100) / 10;
      return [{ figure: 'failover_s', value, unit: 's', n: kills }];
    });
  },
};
