import type { Alert } from '@watchpost/contracts/alert';
import type { CandidateAnswer, CandidateCard } from '@watchpost/contracts/api';
import type { DeviceHealth } from '@watchpost/contracts/wire';
import { isUnresolved } from '../alerts/alert-lifecycle.ts';
import { indexOutside, maySomebody, type Person, zonesFor } from '../governance/person.ts';
import type { StoredEntry } from '../store/list-store.ts';
import { answerIn, bandOf, type Candidate, oneIn } from './candidate-of.ts';

/** What of an entry a person may see beside an alert. */
export interface Shown {
  readonly entry: StoredEntry | undefined;
  readonly hidden: CandidateCard['hidden'];
  /** With what the list rests on: who reads the lists. */
  readonly withRecord: boolean;
  readonly seePhotos: boolean;
  readonly answers: readonly CandidateAnswer[];
}

/**
 * Decides what a person sees of the entry. Who decides on the alert sees it while there is something to
 * decide, and only where it is looked for: the alert’s zone is in its area. Who reads the lists sees it
 * longer, as far as it exists for them. A refused candidate shows nobody for whom somebody was taken.
 */
export function shownTo(person: Person, alert: Alert, entry: StoredEntry | undefined): Shown {
  const { site, zone, state, disposition } = alert;
  const isOpen = isUnresolved(state);
  const decides = maySomebody(person, site, 'alerts.decide') && isOpen;
  const reads =
    maySomebody(person, site, 'lists.read') &&
    entry !== undefined &&
    indexOutside(zonesFor(person, site), entry.area) < 0;
  const given = answerIn(disposition);
  const answers = decides ? (['confirmed', 'refused'] as const).filter((one) => one !== given) : [];
  const nothing = { entry: undefined, withRecord: false, seePhotos: false, answers };
  if (given === 'refused') return { ...nothing, hidden: 'refused' };
  if (!maySomebody(person, site, 'alerts.decide') && !maySomebody(person, site, 'lists.read'))
    return { ...nothing, hidden: 'right' };
  if (!entry) return { ...nothing, hidden: 'unknown' };
  if (entry.state !== 'active' || !entry.area.includes(zone)) return { ...nothing, hidden: 'ended' };
  if (!decides && !reads) return { ...nothing, hidden: isOpen ? 'right' : 'done' };
  return { entry, hidden: null, withRecord: reads, seePhotos: decides && entry.photos > 0, answers };
}

/** The card. `faces`: what the camera says of what it compares. */
export function cardOf(
  alert: Alert,
  candidate: Candidate,
  { entry, hidden, withRecord, seePhotos, answers }: Shown,
  faces: DeviceHealth['faces'],
): CandidateCard {
  const { list, cosine, threshold, falseMatchRate, confidence } = candidate;
  return {
    ...{ alert: alert.id, list, hidden },
    answer: answerIn(alert.disposition),
    similarity: {
      ...{ band: bandOf(candidate), cosine, threshold },
      limitOneIn: oneIn(falseMatchRate),
      chanceOneIn: confidence === undefined ? null : oneIn(1 - confidence),
    },
    expected: faces
      ? {
          falsePerDay: faces.expectedFalsePerDay,
          gallery: faces.gallery,
          peoplePerDay: faces.peoplePerDay,
        }
      : null,
    entry: entry ? toShown(entry, withRecord) : null,
    may: { answer: [...answers], seePhotos },
  };
}

function toShown(entry: StoredEntry, withRecord: boolean): CandidateCard['entry'] {
  const { label, reason, instruction, photos, legalBasis, authority, purpose, expires } = entry;
  return {
    ...{ label, reason, instruction, photos },
    record: withRecord ? { legalBasis, authority, purpose, expires } : null,
  };
}
