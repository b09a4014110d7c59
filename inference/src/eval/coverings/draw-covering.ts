import sharp from 'sharp';
import type { Frame, Point } from '../../frame/frame.ts';
import { coveringSvg } from './covering-svg.ts';
import type { CoveringKind } from './kinds.ts';
import type { Random } from './random.ts';

/**
 * A picture with something drawn on its face: by vector graphics, after the 68 points, in the picture's own
 * light. Noise, brightness and the losses of JPEG come over all of it, so that what was drawn is no cleaner
 * than what was not.
 * @param points as `findContour` gives them
 * @returns the picture as JPEG
 */
export async function drawCovering(
  frame: Frame,
  points: readonly Point[],
  kind: CoveringKind,
  random: Random,
): Promise<Buffer> {
  const { width, height, data } = frame;
  const raw = { raw: { width, height, channels: 3 as const } };
  let image = sharp(data, raw);
  const overlay = coveringSvg(frame, points, kind, random);
  if (overlay !== '') image = image.composite([{ input: Buffer.from(overlay), blend: 'over' }]);
  const { data: drawn } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const gain = 0.8 + 0.4 * random();
  const grain = 1 + 5 * random();
  for (let i = 0; i < drawn.length; i++) {
    // The sum of three uniform numbers is near enough to a normal one.
    const noise = (random() + random() + random() - 1.5) * grain;
    drawn[i] = Math.max(0, Math.min(255, Math.round((drawn[i] as number) * gain + noise)));
  }
  return sharp(drawn, raw)
    .jpeg({ quality: Math.round(70 + 25 * random()) })
    .toBuffer();
}
