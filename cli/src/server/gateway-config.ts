import type { GatewayPart } from '@watchpost/contracts/site';
import type { EdgeAgentConfigInput } from '@watchpost/edge-agent';

/** What a gateway needs beside its part of the site. */
export type GatewayNeeds = Required<
  Pick<EdgeAgentConfigInput, 'broker' | 'dataFolder' | 'secretsFolder' | 'gallery'>
>;

/** The configuration of a gateway of the demo, from its part of the site. */
export function gatewayConfig(
  { site, gateway, devices, off, hooks, passes }: GatewayPart,
  around: GatewayNeeds,
): EdgeAgentConfigInput {
  return {
    site,
    gateway,
    ...around,
    passes,
    ...(hooks ? { hooks } : {}),
    devices: [...devices],
    devicesOff: { shown: [...off.shown], others: off.others },
    // The demo’s gallery has no permit: nobody signs one yet.
    policy: { require: false },
    logLevel: 'warn',
  };
}
