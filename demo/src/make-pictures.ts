import { cast } from './cast.ts';
import { renderClip } from './render-clip.ts';
import { passSprite, personSprite } from './sprites.ts';

export { enrolmentPhoto } from './sprites.ts';

/** What is held before the camera, as the codes say it. */
export interface ShownPasses {
  readonly valid: string;
  readonly forged: string;
}

/**
 * Makes what the demo’s camera sees: everybody of the cast walks past, and both passes are shown. It takes
 * seconds and a hundred megabytes, for encoder and pictures: call it in a process that ends.
 * @param path of the clip, Matroska; written whole or not at all
 * @throws Error of the file system
 */
export async function makeClip(path: string, passes: ShownPasses): Promise<void> {
  const people = await Promise.all(
    cast.map(async (member) => [member.id, await personSprite(member)] as const),
  );
  const sprites = new Map([
    ...people,
    ['valid-pass', await passSprite(passes.valid)],
    ['forged-pass', await passSprite(passes.forged)],
  ]);
  await renderClip(path, sprites);
}
