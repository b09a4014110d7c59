import type { HardwareProfile } from '@watchpost/hardware';
import type { SensorKind } from '../devices/sensor-kind.ts';
import type { SharedConnections } from './shared-connections.ts';

/** What a driver knows of its sensor besides how to reach it. */
export interface DriverTarget {
  readonly device: string;
  readonly kind: SensorKind;
  readonly profile: HardwareProfile;
  readonly shared: SharedConnections;
}
