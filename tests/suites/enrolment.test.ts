import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { galleryFile, galleryKeysFileSchema } from '@watchpost/contracts/enrolment';
import { entryIdSchema, siteIdSchema, zoneIdSchema } from '@watchpost/contracts/wire';
import { createFacePipeline, decodeGallery, openModelSet } from '@watchpost/inference';
import { cropPhoto, sampleFrame } from '@watchpost/inference/testing/sample-photos';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EnrolmentSocket } from '../../alerting/src/governance/enrolment/enrolment-socket.ts';
import { enrollerContract } from '../../alerting/src/testing/enroller-contract.ts';

const entry = fileURLToPath(new URL('../../enrolment/src/main.ts', import.meta.url));
const site = siteIdSchema.parse('hq');
const mine = entryIdSchema.parse('ada');
let data: string;
let enroller: EnrolmentSocket;
/** Two photos of one person, and one of another. */
let mineTwice: [Buffer, Buffer];
let other: Buffer;

const open = (more: { entry?: string | undefined; idleMs?: number } = {}) =>
  new EnrolmentSocket(
    { entry, folder: join(data, 'enrolment'), socket: join(data, 'enrolment.sock'), ...more },
    pino({ level: 'silent' }),
  );
const processes = () =>
  execFileSync('ps', ['-eo', 'pid,ppid,args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(entry))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent]) => Number(parent) === process.pid)
    .map(([pid]) => Number(pid));
/** How many photos the process decodes. */
const decoders = (parent: number) =>
  readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && parentOf(pid) === parent).length;
const parentOf = (pid: string) => {
  try {
    return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
};
const recordOf = (id: typeof mine) => ({
  ...{ entry: id, list: 'watch' as const, legalBasis: 'order 7', authority: 'court', purpose: 'safety' },
  area: [zoneIdSchema.parse('gate')],
  expires: '2027-01-01T00:00:00.000Z',
  approvals: ['anna', 'ben'].map((by) => ({ by, at: '2026-11-27T00:00:00.000Z' })),
});
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath, item.name));

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'enrolment-'));
  const models = await openModelSet();
  const frame = await sampleFrame(6);
  const [a, b] = await createFacePipeline(models).analyse(frame);
  await models.close();
  mineTwice = [
    await cropPhoto(frame, a!.box, 0.4),
    await cropPhoto(frame, a!.box, 0.5, (image) => image.flop().resize(300)),
  ];
  other = await cropPhoto(frame, b!.box, 0.4);
  enroller = open();
});
afterAll(async () => {
  await enroller.stop();
  rmSync(data, { recursive: true, force: true });
});

describe('the enrolment in a process of its own', () => {
  enrollerContract(async () => ({
    enroller,
    photos: { people: [mineTwice[0], other], unusable: Buffer.from('no picture') },
  }));

  it('keeps nothing in clear: no picture, no record, no number of a template', async () => {
    const made = await enroller.enrol(site, mine, [mineTwice[0], other, mineTwice[1]]);
    expect(made).toMatchObject({ used: 2, refused: [{ index: 1, code: 'enrolment.another_person' }] });
    const { digest } = await enroller.compile(site, [recordOf(mine)]);
    const folder = join(data, 'enrolment');
    const keys = galleryKeysFileSchema.parse(
      JSON.parse(readFileSync(join(folder, site, 'keys.json'), 'utf8')),
    );
    const gallery = decodeGallery(readFileSync(join(folder, site, galleryFile(digest))), {
      deploymentKey: Buffer.from(keys.deploymentKey, 'base64url'),
      transformKey: Buffer.from(keys.transformKey, 'base64url'),
    });
    const turned = gallery.transformed(mine)!;
    const clear = ['\xff\xd8\xff', '\x89PNG', 'JFIF', 'order 7', 'legalBasis'].map((text) =>
      Buffer.from(text, 'latin1'),
    );
    const numbers = Buffer.from(turned.buffer, 0, 16);
    const files = filesBelow(data);
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) {
      expect(statSync(file).mode & 0o077, file).toBe(0);
      const bytes = readFileSync(file);
      for (const secret of [...clear.filter((one) => one.length > 3), numbers])
        expect(bytes.includes(secret), file).toBe(false);
      expect(bytes.subarray(0, 3).equals(clear[0]!), file).toBe(false);
    }
    expect(statSync(folder).mode & 0o077).toBe(0);
  });

  it('makes new keys without photos being brought again, and what the old ones opened is gone', async () => {
    const before = await enroller.compile(site, [recordOf(mine)]);
    const keysBefore = readFileSync(join(data, 'enrolment', site, 'keys.json'), 'utf8');
    expect(await enroller.rekey(site)).toEqual({ entries: 1, lost: [] });
    expect(readFileSync(join(data, 'enrolment', site, 'keys.json'), 'utf8')).not.toBe(keysBefore);
    expect(
      filesBelow(join(data, 'enrolment', site)).filter((file) => /gallery|next|draft/.test(file)),
    ).toEqual([]);
    expect((await enroller.compile(site, [recordOf(mine)])).digest).not.toBe(before.digest);
    const again = await enroller.enrol(site, entryIdSchema.parse('again'), [mineTwice[0]]);
    expect(again.duplicates).toEqual([{ entry: mine, likeness: 'same' }]);
  });

  it('leaves nothing of an entry that was removed', async () => {
    await enroller.remove(site, mine);
    expect(filesBelow(data).filter((file) => file.includes(`/${mine}/`))).toEqual([]);
  });

  it('answers a request that was in work when it was killed, and works on the next one', async () => {
    await enroller.examine(site, other);
    const [pid] = processes();
    // The one of the photo before has ended and may not have gone yet.
    await expect.poll(() => decoders(pid!), { timeout: 60_000, interval: 5 }).toBe(0);
    const asked = enroller.examine(site, other);
    asked.catch(() => undefined);
    await expect.poll(() => decoders(pid!), { timeout: 60_000, interval: 5 }).toBeGreaterThan(0);
    process.kill(pid!, 'SIGKILL');
    await expect(asked).rejects.toMatchObject({ code: 'enrolment.interrupted' });
    expect(await enroller.examine(site, other)).toMatchObject({ usable: true });
  });

  it('ends when nobody asks, and comes again', async () => {
    await enroller.stop();
    enroller = open({ idleMs: 1500 });
    await enroller.remove(site, mine);
    await expect.poll(processes, { timeout: 60_000 }).toEqual([]);
    await enroller.remove(site, mine);
    expect(processes().length).toBeLessThanOrEqual(1);
  });

  it('says when an installation does not hold it', async () => {
    const none = open({ entry: undefined });
    await expect(none.examine(site, other)).rejects.toMatchObject({ code: 'enrolment.not_installed' });
  });
});
