import type { Device } from '@watchpost/contracts/site';
import type { HardwareProfile } from '@watchpost/hardware';
import type { EdgeAgentConfig } from '../config.ts';

/** Everything of a configuration that a device is made from: while it is the same, the device is. */
export interface MadeFrom {
  readonly device: Device;
  readonly profile: HardwareProfile;
  /** Of devices that read codes. */
  readonly passes: EdgeAgentConfig['passes'] | null;
  /** Of devices that call. */
  readonly hooks: EdgeAgentConfig['hooks'] | null;
}

/** What this device is made from. */
export function madeFrom(
  device: Device,
  profile: HardwareProfile,
  { passes, hooks }: Pick<EdgeAgentConfig, 'passes' | 'hooks'>,
): MadeFrom {
  const readsCodes = device.kind === 'code_reader' || (device.kind === 'camera' && device.codes);
  return {
    device,
    profile,
    passes: readsCodes ? passes : null,
    hooks: device.connect.driver === 'webhook' ? (hooks ?? null) : null,
  };
}
