import { z } from 'zod';
import { drawnOutlineSchema } from './drawn-outline.ts';
import { shareOutside } from './picture-outline.ts';
import { devicePolicy } from './policy.ts';

const { most, corners, leastSeen } = devicePolicy.camera.masks;

/** A part of a camera’s picture that is blanked before anything looks at it. */
const maskSchema = z.strictObject({
  /** For people who read the file. */
  name: z.string().min(1).max(64),
  outline: drawnOutlineSchema(corners),
});

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;

/**
 * What of a camera’s picture is masked. One kind of mask with one meaning: no model, no search for codes and
 * no other part of the gateway sees what is inside. At least a little has to be left, because a camera that
 * sees nothing should be one that somebody takes out.
 */
export const masksSchema = z
  .array(maskSchema)
  .max(most)
  .superRefine((masks, context) => {
    const names = new Set<string>();
    masks.forEach(({ name }, index) => {
      if (names.has(name))
        context.addIssue({
          code: 'custom',
          path: [index, 'name'],
          message: 'used twice',
          params: { code: 'site.used_twice' },
        });
      names.add(name);
    });
    const seen = shareOutside(masks.map(({ outline }) => outline));
    if (seen < leastSeen)
      context.addIssue({
        code: 'custom',
        path: [],
        message: 'nearly everything is masked',
        params: {
          code: 'site.masked_everywhere',
          details: { found: percent(1 - seen), most: percent(1 - leastSeen) },
        },
      });
  });
export type Masks = z.output<typeof masksSchema>;
