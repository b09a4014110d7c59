import { cast } from '../../demo/src/cast.ts';
import { drawFrame } from '../../demo/src/render-clip.ts';
import { gateBackdrop, personSprite } from '../../demo/src/sprites.ts';
import { clipFps, clipHeight, clipWidth, timeline } from '../../demo/src/timeline.ts';

/** A picture as raw RGB. */
export interface RawPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Buffer;
}

/** The demo’s strangers as they walk past the gate: a few pictures of each, as the camera is given them. */
export async function strangersAtTheGate(): Promise<readonly RawPicture[]> {
  const strangers = cast.filter(({ role }) => role === 'stranger');
  const sprites = new Map(
    await Promise.all(strangers.map(async (member) => [member.id, await personSprite(member)] as const)),
  );
  const backdrop = await gateBackdrop(clipWidth, clipHeight);
  return timeline
    .filter(({ who }) => sprites.has(who))
    .flatMap(({ fromS, toS }) =>
      [0.35, 0.5, 0.65].map((part) => Math.round((fromS + (toS - fromS) * part) * clipFps) / clipFps),
    )
    .map((timeS) => ({ width: clipWidth, height: clipHeight, data: drawFrame(backdrop, sprites, timeS) }));
}
