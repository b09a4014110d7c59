import type { GatewayPart } from '@watchpost/contracts/site';
import type { EdgeAgentConfigInput } from '@watchpost/edge-agent';

/** What a gateway needs beside its part of the site. */
export type GatewayNeeds = Required<Pick<EdgeAgentConfigInput, 'broker' | 'dataFolder' | 'secretsFolder'>> &
  Pick<EdgeAgentConfigInput, 'told' | 'passUses'>;

/**
 * The configuration of a gateway that the server runs itself, from its part of the site. Where there is no
 * gateway door it gets no gallery, and its cameras look for no faces.
 */
export function gatewayConfig(
  { site, gateway, devices, off, hooks, passes, motion, canary }: GatewayPart,
  around: GatewayNeeds,
): EdgeAgentConfigInput {
  return {
    site,
    gateway,
    ...around,
    ...{ passes, motion },
    ...(canary ? { canary } : {}),
    ...(hooks ? { hooks } : {}),
    devices: devices.map((device) =>
      device.kind === 'camera' && !around.told ? { ...device, faces: false } : device,
    ),
    devicesOff: { shown: [...off.shown], others: off.others },
    logLevel: 'warn',
  };
}
