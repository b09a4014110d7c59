import { z } from 'zod';

/** Numbers that say what counts as movement in a camera’s picture. */
export const motionFields = {
  /**
   * By how much the mean brightness (0…255) of a cell has to differ from what is usual there; smaller notices
   * more, leaves and rain too. The picture has 32 × 18 cells.
   */
  cellChange: z.number().min(1).max(64).default(6),
  /** How much of what is new becomes usual with each picture, 0…1: at 0.05 half of it after 14 pictures. */
  learning: z.number().min(0.001).max(0.5).default(0.05),
  /** In how many of the 576 cells something has to move before a picture is looked at. */
  cells: z.number().int().min(1).max(100).default(2),
} as const;

/** What counts as movement before a camera’s pictures are looked at: `policy.motion` of a site file. */
export const motionSectionSchema = z.strictObject(motionFields);
export type MotionSection = z.output<typeof motionSectionSchema>;
