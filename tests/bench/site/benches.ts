import type { FieldBench } from '../field/field-bench.ts';
import { installationSizes } from './installation-sizes.ts';

/** Every part of `npm run bench -- site`, in the order in which they run. */
export const siteBenches: readonly FieldBench[] = [installationSizes];
