import { z } from 'zod';
import { zoneIdSchema } from '../../wire/ids.ts';
import { drawnOutlineSchema } from './drawn-outline.ts';
import { isInside, type PicturePoint } from './picture-outline.ts';
import { devicePolicy } from './policy.ts';

const { most, corners } = devicePolicy.camera.areas;

/**
 * Parts of a camera’s picture that are other zones than the one in which it hangs: who is seen there is seen
 * in that zone. Where two of them lie over each other the first one counts.
 */
export const drawnAreasSchema = z
  .array(z.strictObject({ zone: zoneIdSchema, outline: drawnOutlineSchema(corners) }))
  .max(most)
  .superRefine((areas, context) => {
    const seen = new Set<string>();
    areas.forEach(({ zone }, index) => {
      if (seen.has(zone))
        context.addIssue({
          code: 'custom',
          path: [index, 'zone'],
          message: 'used twice',
          params: { code: 'site.used_twice' },
        });
      seen.add(zone);
    });
  });
export type DrawnArea = z.output<typeof drawnAreasSchema>[number];

/** The zone in which something is that stands at a point of the picture of a camera of `zone`. */
export const zoneAt = <Z extends string>(
  areas: readonly (Pick<DrawnArea, 'outline'> & { readonly zone: Z })[],
  point: PicturePoint,
  zone: Z,
): Z => areas.find(({ outline }) => isInside(outline, point))?.zone ?? zone;
