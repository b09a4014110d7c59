import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createFacePipeline,
  decodeGallery,
  type FacePipeline,
  type Gallery,
  openModelSet,
} from '@watchpost/inference';
import { verifyPass } from '@watchpost/passes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSecrets, type Secrets } from '../start/secrets.ts';
import { type CastMember, cast } from './cast.ts';
import { type DemoFiles, prepareDemo } from './prepare-demo.ts';
import { drawFrame } from './render-clip.ts';
import { gateBackdrop, personSprite } from './sprites.ts';
import { clipHeight, clipWidth, timeline } from './timeline.ts';

const now = Date.now();
let folder: string;
let secrets: Secrets;
let files: DemoFiles;
let gallery: Gallery;
let pipeline: FacePipeline;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-demo-'));
  secrets = loadSecrets(folder, { isDemo: true });
  files = await prepareDemo(folder, secrets, now);
  const keys = {
    deploymentKey: Buffer.from(secrets.gallery.deploymentKey, 'base64url'),
    transformKey: Buffer.from(secrets.gallery.transformKey, 'base64url'),
  };
  gallery = decodeGallery(readFileSync(files.gallery), keys);
  pipeline = createFacePipeline(await openModelSet());
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
  it('holds exactly the two enrolled people', () => {
    expect(
      gallery
        .entries()
        .map(({ entryId, list }) => `${list} ${entryId}`)
        .sort(),
    ).toEqual(['access demo-access-entry', 'watch demo-watch-entry']);
  });

  it.each(cast.filter(({ role }) => role !== 'stranger'))('$id is recognised at the gate', async (member) => {
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
    const madeAt = statSync(files.gallery).mtimeMs;
    expect((await prepareDemo(folder, secrets, now)).passes).toEqual(files.passes);
    expect(statSync(files.gallery).mtimeMs).toBe(madeAt);
    const later = await prepareDemo(folder, secrets, now + 25 * 86_400_000);
    expect(later.passes.expires).toBeGreaterThan(files.passes.expires);
  });

  it('keeps keys and gallery from other users of the computer', () => {
    for (const file of [
      files.gallery,
      files.galleryKeys,
      join(folder, 'secrets.json'),
      join(folder, 'demo', 'pass-issuer.json'),
    ]) {
      expect(statSync(file).mode & 0o077, file).toBe(0);
    }
  });
});
