import { randomUUID } from 'node:crypto';
import type { Canary } from '@watchpost/contracts/wire';

/** A canary as a gateway of the test site sends it. */
export function testCanary(gateway: string, epoch: string, seq: number): Canary {
  return {
    specversion: '1.0',
    id: randomUUID(),
    source: `/sites/test/devices/${gateway}`,
    type: 'watchpost.canary.v1',
    time: new Date().toISOString(),
    data: { everyMs: 60_000, version: '0.1.0' },
    ...({ gateway, epoch, seq } as Pick<Canary, 'gateway' | 'epoch' | 'seq'>),
  };
}
