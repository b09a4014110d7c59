import { type ListEntry, type ListedEntry, type ListStep, listSteps } from '@watchpost/contracts/api';
import { erasureProgress, type GalleryRecord, type ListEntryRecord } from '@watchpost/contracts/lists';
import { gatewayIdSchema } from '@watchpost/contracts/wire';
import type { StoredEntry } from '../store/list-store.ts';
import { gapsOf, type JudgedEntry, listTransitions } from './approval-rules.ts';
import { maySomebody, type Person } from './person.ts';
import type { SiteListsPolicy } from './policy.ts';

/** An entry as the rules see it. */
export const judged = ({ list, state, photos, author, approvals }: StoredEntry): JudgedEntry => ({
  ...{ list, state, photos },
  author: author.account,
  signatures: approvals,
});

/** An entry as it stands in a list. @param signatures how many people its site asks for */
export function toListed(entry: StoredEntry, signatures: SiteListsPolicy['signatures']): ListedEntry {
  const { site, id, version, list, label, state, area, expires, review, photos, updatedAt } = entry;
  return {
    ...{ site, id, version, list, label, state, expires, review, photos, updatedAt },
    area: [...area],
    missing: gapsOf(judged(entry), signatures),
  };
}

/** The permission that a step takes. */
export const permissionOf = (step: ListStep) =>
  step === 'approve' || step === 'refuse' || step === 'erase' ? 'lists.approve' : 'lists.propose';

/** An entry whole, for a person. */
export function toView(
  entry: StoredEntry,
  person: Person,
  record: GalleryRecord | undefined,
  signatures: SiteListsPolicy['signatures'],
): ListEntry {
  const { legalBasis, authority, purpose, reason, instruction, createdAt, author, approvals } = entry;
  const erasure = record && erasureProgress(record, entry.id);
  return {
    ...toListed(entry, signatures),
    ...{ legalBasis, authority, purpose, reason, instruction, createdAt },
    author: { ...author },
    approvals: approvals.map((one) => ({ ...one })),
    may: listSteps.filter((step) => mayTake(step, entry, person)),
    erasure: erasure
      ? {
          ...{ receipts: erasure.receipts, of: erasure.of, settled: erasure.settled },
          waitingFor: erasure.waitingFor.map((gateway) => gatewayIdSchema.parse(gateway)),
        }
      : null,
  };
}

/** What is offered; who comes as a second person is only asked of the database when they approve. */
function mayTake(step: ListStep, entry: StoredEntry, person: Person): boolean {
  if (!listTransitions[step].from.includes(entry.state)) return false;
  if (!maySomebody(person, entry.site, permissionOf(step))) return false;
  if (step === 'propose') return entry.photos > 0;
  const signed = [entry.author, ...entry.approvals].some(({ account }) => account === person.account);
  return step !== 'approve' || !signed;
}

/** What a gateway gets of an active entry. */
export function toRecord(entry: StoredEntry): ListEntryRecord {
  const { id, list, legalBasis, authority, purpose, area, expires, approvals } = entry;
  return {
    ...{ entry: id, list, legalBasis, authority, purpose, expires },
    area: [...area],
    approvals: approvals.map(({ account, at }) => ({ by: account, at })),
  };
}
