import { z } from 'zod';
import { zoneIdSchema } from '../../wire/ids.ts';
import { picturePointSchema } from './drawn-outline.ts';
import { devicePolicy } from './policy.ts';

const { most, leastLength } = devicePolicy.camera.lines;

const drawn = {
  /** Which of the site’s lines it is. */
  line: zoneIdSchema,
  /** Its ends in the upright picture. */
  from: picturePointSchema,
  to: picturePointSchema,
  /** The side that is inside, looking from the first end to the second: who comes there has crossed `in`. */
  inside: z.enum(['left', 'right']),
};

interface Ends {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

function requireLength({ from, to }: Ends, context: z.RefinementCtx): void {
  if (Math.hypot(to[0] - from[0], to[1] - from[1]) >= leastLength) return;
  context.addIssue({
    code: 'custom',
    path: ['to'],
    message: 'too short',
    params: { code: 'site.no_line', details: { least: leastLength } },
  });
}

function requireOnce(lines: readonly { readonly line: string }[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  lines.forEach(({ line }, index) => {
    if (seen.has(line))
      context.addIssue({
        code: 'custom',
        path: [index, 'line'],
        message: 'used twice',
        params: { code: 'site.used_twice' },
      });
    seen.add(line);
  });
}

/** Lines in a camera’s picture, as a site file draws them. */
export const drawnLinesSchema = z
  .array(z.strictObject(drawn).superRefine(requireLength))
  .max(most)
  .superRefine(requireOnce);

/** As a gateway is told of them: with the zone in which a crossing happens. */
export const toldLinesSchema = z
  .array(z.strictObject({ ...drawn, zone: zoneIdSchema }).superRefine(requireLength))
  .max(most)
  .superRefine(requireOnce);
/** A line that a gateway watches. */
export type ToldLine = z.output<typeof toldLinesSchema>[number];
