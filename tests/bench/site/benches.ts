import type { FieldBench } from '../field/field-bench.ts';
import { applyToCameras } from './apply-to-cameras.ts';
import { initToAlert } from './init-to-alert.ts';
import { installationSizes } from './installation-sizes.ts';
import { mistakesFound } from './mistakes-found.ts';

/** Every part of `npm run bench -- site`, in the order in which they run. */
export const siteBenches: readonly FieldBench[] = [
  initToAlert,
  applyToCameras,
  mistakesFound,
  installationSizes,
];
