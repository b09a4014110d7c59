export {
  driverNames,
  type HardwareProfile,
  hardwareProfileSchema,
  type ProfileOf,
  sensorKindOf,
} from './profile.ts';
export {
  type SimulatedKind,
  type SimulatorPlan,
  type SimulatorPlanInput,
  simulatorActions,
  simulatorPlanSchema,
} from './simulator-plan.ts';
