import { parseListEntryRecord } from '@watchpost/contracts/lists';
import {
  createFacePipeline,
  encodeGallery,
  enrolFace,
  Gallery,
  type GalleryKeys,
  openModelSet,
} from '@watchpost/inference';
import { cast } from './cast.ts';
import { enrolmentPhoto } from './sprites.ts';

const yearMs = 365 * 86_400_000;

/**
 * The records that make the demo’s two entries lawful: invented, complete, and approved by two invented
 * people.
 */
function recordOf(entry: string, list: 'watch' | 'access', nowMs: number) {
  const at = new Date(nowMs).toISOString();
  return parseListEntryRecord(
    {
      entry,
      list,
      legalBasis: 'demo: made-up case 0000',
      authority: 'demo: made-up authority',
      purpose: 'demo',
      area: ['gate'],
      expires: new Date(nowMs + yearMs).toISOString(),
      approvals: [
        { by: 'demo-approver-1', at },
        { by: 'demo-approver-2', at },
      ],
    },
    nowMs,
  );
}

/**
 * Enrols the two demo people from their enrolment photos; gives the protected gallery file. Strangers are
 * never touched.
 */
export async function enrolCast(keys: GalleryKeys, nowMs: number): Promise<Uint8Array> {
  const pipeline = createFacePipeline(await openModelSet());
  const gallery = new Gallery({ transformKey: keys.transformKey });
  for (const member of cast) {
    const photo = await enrolmentPhoto(member);
    if (!photo || member.role === 'stranger') continue;
    const record = recordOf(member.id, member.role, nowMs);
    const { entry, list, expires, area } = record;
    const { template } = await enrolFace(pipeline, [photo]);
    gallery.add(
      {
        entryId: entry,
        list,
        label: `${entry} (made up)`,
        expiresAt: Date.parse(expires),
        areas: area,
        record,
      },
      template,
    );
  }
  return encodeGallery(gallery, keys);
}
