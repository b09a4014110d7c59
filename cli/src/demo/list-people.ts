import {
  type ListEntry,
  type ListEntryRequest,
  listEntrySchema,
  photoAnswerSchema,
} from '@watchpost/contracts/api';
import { type CastMember, listedMembers } from '@watchpost/demo/cast';
import { replaceFileSync } from '@watchpost/service';
import type { ConsoleSession } from './console-session.ts';
import type { DemoPhotos } from './enrolment-photos.ts';
import { readProgress } from './listing-progress.ts';

const dayMs = 86_400_000;

/** Who does it, and what they bring: an entry is agreed by two people. */
export interface ListingPeople {
  readonly author: ConsoleSession;
  readonly approver: ConsoleSession;
  readonly photos: DemoPhotos;
}

/**
 * Puts the people of the demo on their lists, as people would in the console: a draft, a photo, the proposal,
 * the signature of somebody else. What an earlier start began goes on where it ended.
 * @throws WatchpostError what the API answered; it may be done again
 */
export async function listPeople(
  site: string,
  progressFile: string,
  people: ListingPeople,
  nowMs: number,
): Promise<void> {
  const progress = readProgress(progressFile);
  const note = (id: string, entry: string, isDone: boolean) => {
    progress[id] = { entry, isDone };
    replaceFileSync(progressFile, JSON.stringify(progress));
  };
  for (const member of listedMembers) {
    const known = progress[member.id];
    if (known?.isDone) continue;
    const entry = known
      ? listEntrySchema.parse(await people.author.get(`/lists/${known.entry}`))
      : listEntrySchema.parse(await people.author.post(`/lists?site=${site}`, draftOf(member, nowMs)));
    if (!known) note(member.id, entry.id, false);
    await bringIn(member, entry, people);
    note(member.id, entry.id, true);
  }
}

async function bringIn(member: CastMember, begun: ListEntry, { author, approver, photos }: ListingPeople) {
  const path = `/lists/${begun.id}`;
  const photo = begun.state === 'draft' && begun.photos === 0 ? photos[member.id] : undefined;
  let entry = photo
    ? photoAnswerSchema.parse(
        await author.post(`${path}/photos?version=${begun.version}`, Buffer.from(photo, 'base64')),
      ).entry
    : begun;
  if (entry.state === 'draft')
    entry = listEntrySchema.parse(await author.post(`${path}/propose`, { version: entry.version }));
  if (entry.state === 'proposed') await approver.post(`${path}/approve`, { version: entry.version });
}

/** What makes an entry lawful: invented, and complete. */
function draftOf({ id, role }: CastMember, nowMs: number): ListEntryRequest {
  return {
    list: role === 'watch' ? 'watch' : 'access',
    label: `${id} (made up / 虚构)`,
    legalBasis: 'demo: made-up case 0000',
    authority: 'demo: made-up authority',
    purpose: 'demo',
    reason: '',
    instruction: '',
    area: ['gate'] as unknown as ListEntryRequest['area'],
    expires: new Date(nowMs + 365 * dayMs).toISOString(),
    review: new Date(nowMs + 180 * dayMs).toISOString(),
  };
}
