import { existsSync } from 'node:fs';
import { WatchpostError } from '@watchpost/contracts/errors';
import { authorityFolder, createAuthority } from '@watchpost/identity/authority';
import { type TellGatewaysOptions, tellGateways } from '@watchpost/identity/telling';
import { runService } from '@watchpost/service';
import type { ClaimedLocally } from './claim-local-gateways.ts';

type DoorConfig = Omit<TellGatewaysOptions, 'logger' | 'registry' | 'nowMs' | 'onHealth'> & {
  /** Gateways that the server runs itself: claimed at this door. */
  readonly local: { readonly door: string; readonly gateways: readonly ClaimedLocally[] };
};

/** The file is written by the server that starts us. */
function parseConfig(value: unknown): DoorConfig {
  if (typeof value !== 'object' || value === null || !('sites' in value) || !Array.isArray(value.sites))
    throw new WatchpostError('config.invalid', { path: '/sites' });
  return value as DoorConfig;
}

const nowMs = () => Date.now();

/** The demo’s sites have no authority before their first start. */
async function makeAuthorities({ sites }: DoorConfig): Promise<void> {
  for (const { site, authority } of sites)
    if (!existsSync(authorityFolder(authority).certificate)) await createAuthority(authority, site, nowMs());
}

// The gateway door as a process of its own: the only one that holds the authorities’ keys. SIGHUP takes what
// gateways are told from its configuration anew.
await runService({
  name: 'gateway-door',
  parse: parseConfig,
  start: async (config, logger) => {
    await makeAuthorities(config);
    const onHealth: TellGatewaysOptions['onHealth'] = (health) => process.send?.({ health });
    const door = await tellGateways({ ...config, logger, nowMs, onHealth });
    if (config.local.gateways.length === 0) return door;
    // Only where there are such gateways: elsewhere their part is not installed.
    const { LocalClaims } = await import('./claim-local-gateways.ts');
    const claims = new LocalClaims({ ...config.local, nowMs, logger });
    claims.start();
    return { ...door, stop: () => claims.stop().then(() => door.stop()) };
  },
  reload: (door, { sites }) => door.tell(sites),
  announce: ({ port }) => ({ port }),
});
