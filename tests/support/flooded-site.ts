import type { Site } from '@watchpost/contracts/site';
import { LeanClient } from '../../broker/src/bench/lean-client.ts';
import { type SensorSketch, sensorSite } from './sensor-site.ts';

/**
 * A site with a gateway `calm` of many smoke detectors, and a gateway `loud` with one thermometer, which
 * floods.
 */
export function floodedSite(detectors: number): Site {
  const calm = Array.from(
    { length: detectors },
    (_each, index): SensorSketch => ({ id: `smoke-${index}`, gateway: 'calm', kind: 'smoke', xM: index + 1 }),
  );
  return sensorSite('flooded', [
    ...calm,
    { id: 'thermometer', gateway: 'loud', kind: 'temperature', xM: 50 },
  ]);
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
