import type { ResponseSubject } from '@watchpost/contracts/api';
import { incidentIdsOf } from '../store/incident-store.ts';
import { offersOf } from '../store/response-store.ts';
import type { Queryable } from '../store/schema.ts';
import { type AskingOne, partsFor } from './reach.ts';
import type { SubjectLookup } from './subjects.ts';

/** What was offered to a department of the person, wherever it is; undefined where it was not. */
export async function offeredTo(
  db: Queryable,
  subjects: SubjectLookup,
  asking: AskingOne,
): Promise<ResponseSubject | undefined> {
  const { sites, id } = asking;
  const ids = [id];
  for (const site of sites) ids.push(...(await incidentIdsOf(db, site, [id])).values());
  const [subject] = (await subjects.offered(db, sites, ids)).values();
  if (!subject) return undefined;
  const parts = await partsFor(db, asking);
  const offers = await offersOf(db, subject.site, subject.id);
  return offers.some(({ department }) => parts.has(department)) ? subject : undefined;
}
