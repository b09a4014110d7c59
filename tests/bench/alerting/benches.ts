import type { FieldBench } from '../field/field-bench.ts';
import { replayOfEvents } from './replay-of-events.ts';

/** Every part of `npm run bench -- alerting`, in the order in which they run. */
export const alertingBenches: readonly FieldBench[] = [replayOfEvents];
