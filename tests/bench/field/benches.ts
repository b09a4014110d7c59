import { alarmUnderFlood } from './alarm-under-flood.ts';
import { blackhole } from './blackhole.ts';
import { brokerStorms } from './broker-storms.ts';
import { cameraLag } from './camera-lag.ts';
import { consoleCpu } from './console-cpu.ts';
import { embeddedSingles } from './embedded-singles.ts';
import type { FieldBench } from './field-bench.ts';
import { firstLoad } from './first-load.ts';
import { loginUnderAttack } from './login-under-attack.ts';
import { serverLoad } from './server-load.ts';

/** Every part of `npm run bench -- field`, in the order in which they run. */
export const fieldBenches: readonly FieldBench[] = [
  alarmUnderFlood,
  brokerStorms,
  firstLoad,
  consoleCpu,
  blackhole,
  loginUnderAttack,
  embeddedSingles,
  serverLoad,
  cameraLag,
];
