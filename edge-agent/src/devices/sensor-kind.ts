import type { Device } from '@watchpost/contracts/site';

/** A device whose values are read. */
export type SensorDevice = Exclude<Device, { kind: 'camera' | 'code_reader' }>;
export type SensorKind = SensorDevice['kind'];
