import type { SimulatorPlan } from '@watchpost/contracts/site';
import { createSimulator, type HardwareProfile } from '@watchpost/hardware';
import type { TextScanner } from '../text-scanner.ts';

/** The simulator of a code reader's profile. Texts longer than `maxChars` are unreadable, as on a wire. */
export function simulatedScanner(
  deviceId: string,
  profile: HardwareProfile,
  plan: SimulatorPlan,
  maxChars: number,
): TextScanner {
  const simulator = createSimulator(profile, { deviceId, plan });
  return {
    start(events) {
      events.up();
      simulator.start((reading) => {
        if (reading.kind === 'code' && reading.text.length <= maxChars) {
          events.scanned(reading.text, reading.timeMs);
        } else events.unreadable();
      });
    },
    stop: async () => simulator.stop(),
    trigger: (action, value) => simulator.trigger(action, value),
  };
}
