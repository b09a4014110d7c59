import { z } from 'zod';
import { crossingEdges, isFlat, type PicturePoint } from './picture-outline.ts';

/** A point of the upright picture; see {@link PicturePoint}. */
export const picturePointSchema = z.tuple([z.number().min(0).max(1), z.number().min(0).max(1)]);

const written = ([x, y]: PicturePoint): string => `[${x}, ${y}]`;

/**
 * An area of a picture: its corners, one after the other around it.
 * @param corners how many there may be
 */
export const drawnOutlineSchema = (corners: number) =>
  z
    .array(picturePointSchema)
    .min(3)
    .max(corners)
    .superRefine((outline, context) => {
      const refuse = (found: string) =>
        context.addIssue({
          code: 'custom',
          path: [],
          message: 'no area',
          params: { code: 'site.no_area', details: { found } },
        });
      const crossing = crossingEdges(outline);
      if (crossing) refuse(crossing.map((edge) => edge.map(written).join('–')).join(' × '));
      else if (isFlat(outline)) refuse(outline.slice(0, 4).map(written).join(' '));
    });
