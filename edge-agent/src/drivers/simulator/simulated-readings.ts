import type { SimulatorPlan } from '@watchpost/contracts/site';
import { createSimulator, type HardwareProfile } from '@watchpost/hardware';
import type { ReadingDriver } from '../reading-driver.ts';

/** The simulator of a sensor's profile. */
export function simulatedReadings(
  deviceId: string,
  profile: HardwareProfile,
  plan: SimulatorPlan,
): ReadingDriver {
  const simulator = createSimulator(profile, { deviceId, plan });
  return {
    start: (events) => {
      events.up();
      simulator.start((reading) => events.read(reading));
    },
    stop: async () => simulator.stop(),
    trigger: (action, value) => simulator.trigger(action, value),
  };
}
