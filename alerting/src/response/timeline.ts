import type { Timeline, TimelineEntry } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { siteIdSchema } from '@watchpost/contracts/wire';
import { maySomebody, zonesFor } from '../governance/person.ts';
import type { Queryable } from '../store/schema.ts';
import { timelineOf } from '../store/timeline-store.ts';
import { offeredTo } from './offered-to.ts';
import { responsePolicy } from './policy.ts';
import { type AskingOne, note, partsFor } from './reach.ts';
import type { SubjectLookup } from './subjects.ts';

/** What {@link Timelines} needs. */
export interface TimelinesOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly subjects: SubjectLookup;
}

/**
 * Who knew what when. Who reviews sees all of it; others what happened to the subject, to whom it was
 * offered, and what their own departments did.
 */
export class Timelines {
  readonly #options: TimelinesOptions;

  constructor(options: TimelinesOptions) {
    this.#options = options;
  }

  /** @throws WatchpostError `api.not_found` */
  async get(asking: AskingOne): Promise<Timeline> {
    const { db, subjects } = this.#options;
    const { person, sites, id } = asking;
    const parts = await partsFor(db, asking);
    const seen = await subjects.find(db, person, sites, id);
    const subject = seen ?? (await offeredTo(db, subjects, asking));
    if (!subject) throw new WatchpostError('api.not_found');
    const { site } = subject;
    // Who was offered it sees all of it, others the alerts of their zones.
    const zones = seen ? zonesFor(person, siteIdSchema.parse(site)) : null;
    const reviews = maySomebody(person, site, 'response.review');
    const limit = responsePolicy.timelineAtMost;
    const rows = await timelineOf(db, site, subject.id, { zones, withNotices: reviews, limit: limit + 1 });
    const entries = rows
      .slice(0, limit)
      .flatMap(({ at, department, departmentName, ...row }): TimelineEntry[] => {
        const isOwn = reviews || department === null || parts.has(department);
        if (!isOwn && row.kind === 'task') return [];
        const known = isOwn ? row : { ...row, by: null, text: null };
        return [{ ...known, at: at.toISOString(), department: departmentName }];
      });
    return {
      site: siteIdSchema.parse(site),
      subject: subject.id,
      entries,
      complete: reviews,
      cut: rows.length > limit,
    };
  }

  /** The same to take along, which is written down. @throws WatchpostError `api.not_found` */
  async exported(asking: AskingOne, format: 'json' | 'csv'): Promise<Timeline> {
    const timeline = await this.get(asking);
    const details = { format, entries: timeline.entries.length };
    await note(this.#options.db, new Date(this.#options.nowMs()).toISOString(), asking.person, {
      ...{
        site: timeline.site,
        action: 'timeline_exported',
        subject: { kind: 'incident', id: timeline.subject },
        details,
      },
    });
    return timeline;
  }
}
