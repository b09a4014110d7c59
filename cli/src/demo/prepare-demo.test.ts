import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createFacePipeline,
  enrolFace,
  type FacePipeline,
  Gallery,
  openModelSet,
} from '@watchpost/inference';
import { verifyPass } from '@watchpost/passes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CastMember, cast } from './cast.ts';
import { listedMembers } from './listing-progress.ts';
import { type DemoFiles, prepareDemo } from './prepare-demo.ts';
import { drawFrame } from './render-clip.ts';
import { enrolmentPhoto, gateBackdrop, personSprite } from './sprites.ts';
import { clipHeight, clipWidth, timeline } from './timeline.ts';

const now = Date.now();
let folder: string;
let files: DemoFiles;
let gallery: Gallery;
let pipeline: FacePipeline;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-demo-'));
  files = await prepareDemo(folder, now);
  pipeline = createFacePipeline(await openModelSet());
  gallery = new Gallery();
  for (const member of listedMembers) {
    const { template } = await enrolFace(pipeline, [(await enrolmentPhoto(member))!]);
    const list = member.role === 'watch' ? 'watch' : 'access';
    gallery.add({ entryId: member.id, list, expiresAt: now + 86_400_000, areas: ['gate'] }, template);
  }
});

afterAll(async () => {
  await pipeline?.models.close();
  rmSync(folder, { recursive: true, force: true });
  rmSync(files.clip, { force: true });
});

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

describe('the demo', () => {
  it.each(listedMembers)('$id is recognised at the gate', async (member) => {
    const match = await matchAtTheGate(member);
    expect(match?.entry.entryId).toBe(member.id);
    expect(match!.cosine).toBeGreaterThan(pipeline.models.threshold);
  });

  it.each(cast.filter(({ role }) => role === 'stranger'))('$id matches nobody', async (member) => {
    expect((await matchAtTheGate(member))!.cosine).toBeLessThan(pipeline.models.threshold);
  });

  it('shows a pass that the gate accepts and one that is forged', () => {
    const options = { keys: files.issuers, audience: 'gate', now };
    expect(verifyPass(files.passes.valid, options).outcome).toBe('accepted');
    expect(verifyPass(files.passes.forged, options)).toMatchObject({
      outcome: 'rejected',
      reason: 'pass.signature',
    });
  });

  it('is made once, and again before the pass runs out', async () => {
    const madeAt = statSync(files.clip).mtimeMs;
    expect(await prepareDemo(folder, now)).toEqual(files);
    expect(statSync(files.clip).size).toBeGreaterThan(10_000);
    expect(Math.abs(statSync(files.clip).mtimeMs - madeAt)).toBeLessThan(600_000);
    const later = await prepareDemo(folder, now + 25 * 86_400_000);
    expect(later.passes.expires).toBeGreaterThan(files.passes.expires);
  });

  it('keeps the key of its passes from other users of the computer', () => {
    expect(statSync(join(folder, 'demo', 'pass-issuer.json')).mode & 0o077).toBe(0);
  });

  it('deletes what an earlier version enrolled by itself', async () => {
    const left = ['gallery.wpg', 'gallery-keys.json'].map((name) => join(folder, 'demo', name));
    for (const path of left) writeFileSync(path, 'x');
    await prepareDemo(folder, now);
    expect(left.filter((path) => existsSync(path))).toEqual([]);
  });
});
