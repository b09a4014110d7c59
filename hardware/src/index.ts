export { loadProfiles, parseProfile, profileFolder } from './load-profiles.ts';
export {
  type HardwareProfile,
  hardwareProfileSchema,
  type ProfileOf,
  sensorKindOf,
} from './profile.ts';
export { type Clock, type Reading, type ReadingValue, systemClock } from './reading.ts';
export { createSimulator, type Simulator, type SimulatorOptions } from './simulator.ts';
export { type SimulatedKind, simulatorActions } from './simulator-actions.ts';
