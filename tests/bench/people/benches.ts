import type { FieldBench } from '../field/field-bench.ts';
import { enrolPhoto } from './enrol-photo.ts';
import { logInsOfMany } from './log-ins.ts';
import { permitsToGateways } from './permits-to-gateways.ts';
import { wizardActions } from './wizard-actions.ts';

/** Every part of `npm run bench -- people`, in the order in which they run. */
export const peopleBenches: readonly FieldBench[] = [
  permitsToGateways,
  enrolPhoto,
  logInsOfMany,
  wizardActions,
];
