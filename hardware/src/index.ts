export { loadProfiles, parseProfile, profileFolder } from './load-profiles.ts';
export {
  driverNames,
  type HardwareProfile,
  hardwareProfileSchema,
  type ProfileOf,
  type ScanLine,
  scanLineSchema,
  sensorKindOf,
} from './profile.ts';
export { type Clock, type Reading, systemClock } from './reading.ts';
export { createSimulator, type Simulator, type SimulatorOptions } from './simulator.ts';
export {
  type SimulatedKind,
  type SimulatorPlan,
  type SimulatorPlanInput,
  simulatorActions,
  simulatorPlanSchema,
} from './simulator-plan.ts';
