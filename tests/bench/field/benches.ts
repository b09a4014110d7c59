import { alarmUnderFlood } from './alarm-under-flood.ts';
import { brokerStorms } from './broker-storms.ts';
import type { FieldBench } from './field-bench.ts';

/** Every part of `npm run bench -- field`, in the order in which they run. */
export const fieldBenches: readonly FieldBench[] = [alarmUnderFlood, brokerStorms];
