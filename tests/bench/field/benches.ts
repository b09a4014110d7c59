import type { FieldBench } from './field-bench.ts';

/** Every part of `npm run bench -- field`, in the order in which they run. */
export const fieldBenches: readonly FieldBench[] = [];
