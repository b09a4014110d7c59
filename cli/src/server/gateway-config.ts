import type { GatewayPart } from '@watchpost/contracts/site';
import type { EdgeAgentConfigInput } from '@watchpost/edge-agent';

/** What a gateway needs beside its part of the site. */
export type GatewayNeeds = Required<Pick<EdgeAgentConfigInput, 'broker' | 'dataFolder' | 'secretsFolder'>> &
  Pick<EdgeAgentConfigInput, 'gallery' | 'passUses'>;

/** The configuration of a gateway that the server runs itself, from its part of the site. */
export function gatewayConfig(
  { site, gateway, devices, off, hooks, passes, motion }: GatewayPart,
  around: GatewayNeeds,
): EdgeAgentConfigInput {
  return {
    site,
    gateway,
    ...around,
    ...{ passes, motion },
    ...(hooks ? { hooks } : {}),
    devices: [...devices],
    devicesOff: { shown: [...off.shown], others: off.others },
    // The demo’s gallery has no permit: nobody signs one yet.
    ...(around.gallery ? { policy: { require: false } } : {}),
    logLevel: 'warn',
  };
}
