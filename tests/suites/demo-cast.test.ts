import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CastMember, cast, listedMembers } from '../../demo/src/cast.ts';
import { drawFrame } from '../../demo/src/render-clip.ts';
import { enrolmentPhoto, gateBackdrop, personSprite } from '../../demo/src/sprites.ts';
import { clipHeight, clipWidth, timeline } from '../../demo/src/timeline.ts';
import {
  createFacePipeline,
  enrolFace,
  type FacePipeline,
  Gallery,
  openModelSet,
} from '../../inference/src/index.ts';

const now = Date.now();
let gallery: Gallery;
let pipeline: FacePipeline;

beforeAll(async () => {
  pipeline = createFacePipeline(await openModelSet());
  gallery = new Gallery();
  for (const member of listedMembers) {
    const { template } = await enrolFace(pipeline, [(await enrolmentPhoto(member))!]);
    const list = member.role === 'watch' ? 'watch' : 'access';
    gallery.add({ entryId: member.id, list, expiresAt: now + 86_400_000, areas: ['gate'] }, template);
  }
});

afterAll(() => pipeline?.models.close());

/** The best match of a cast member in the middle of the walk past the gate. */
async function matchAtTheGate(member: CastMember) {
  const crossing = timeline.find(({ who }) => who === member.id)!;
  const backdrop = await gateBackdrop(clipWidth, clipHeight);
  const picture = drawFrame(
    backdrop,
    new Map([[member.id, await personSprite(member)]]),
    (crossing.fromS + crossing.toS) / 2,
  );
  const [face] = await pipeline.analyse({
    width: clipWidth,
    height: clipHeight,
    data: picture,
    capturedAt: now,
  });
  return gallery.match(face!.embedding!, now, 'gate');
}

it.each(listedMembers)('$id of the demo is recognised at the gate', async (member) => {
  const match = await matchAtTheGate(member);
  expect(match?.entry.entryId).toBe(member.id);
  expect(match!.cosine).toBeGreaterThan(pipeline.models.threshold);
});

it.each(cast.filter(({ role }) => role === 'stranger'))('$id of the demo matches nobody', async (member) => {
  expect((await matchAtTheGate(member))!.cosine).toBeLessThan(pipeline.models.threshold);
});
