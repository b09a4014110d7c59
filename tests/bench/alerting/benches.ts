import type { FieldBench } from '../field/field-bench.ts';
import { acknowledging } from './acknowledging.ts';
import { commitOverFloor } from './commit-over-floor.ts';
import { dueWork } from './due-work.ts';
import { eventToPeople } from './event-to-people.ts';
import { failover } from './failover.ts';
import { faults } from './faults/faults.ts';
import { growth } from './growth.ts';
import { replayOfEvents } from './replay-of-events.ts';
import { storm } from './storm.ts';

/** Every part of `npm run bench -- alerting`, in the order in which they run. */
export const alertingBenches: readonly FieldBench[] = [
  failover,
  dueWork,
  acknowledging,
  eventToPeople,
  storm,
  faults,
  commitOverFloor,
  replayOfEvents,
  growth,
];
