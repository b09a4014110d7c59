import type { FreeTextFound, FreeTextStruck, freeTextStrikeRequestSchema } from '@watchpost/contracts/api';
import type { SiteId } from '@watchpost/contracts/wire';
import type { z } from 'zod';
import { countAuditedReasons, findFreeTexts, replaceFreeText } from '../store/free-text-store.ts';
import type { Queryable } from '../store/schema.ts';
import { append } from './audit-log.ts';
import { actorOf, type Person } from './person.ts';
import { freeTextPolicy } from './policy.ts';

/** What stands in the place of what was struck out. */
const struck = '▇▇▇';

/**
 * What people wrote in their own words, when somebody who is named in it has a right to be erased. Nothing
 * finds names by itself: who is responsible looks for one, reads where it stands, and has it struck out.
 */
export class FreeTexts {
  readonly #db: Queryable;
  readonly #nowMs: () => number;

  constructor(db: Queryable, nowMs: () => number) {
    this.#db = db;
    this.#nowMs = nowMs;
  }

  /** Where these words stand. That somebody looked is in the audit log, for what is not. */
  async find(person: Person, site: SiteId, words: string): Promise<FreeTextFound> {
    const { found } = freeTextPolicy;
    const texts = await findFreeTexts(this.#db, site, words, found + 1);
    const audited = await countAuditedReasons(this.#db, site, words);
    await append(this.#db, {
      ...{ at: this.#now(), actor: actorOf(person), site, action: 'texts_searched', subject: null },
      ...{ reason: null, outcome: 'done', details: { found: texts.length } },
    });
    return { texts: texts.slice(0, found), more: texts.length > found, audited };
  }

  /** Strikes the words out, or the texts that hold them as a whole; each is in the audit log by its place. */
  async strike(
    person: Person,
    site: SiteId,
    { words, whole, places, reason }: z.output<typeof freeTextStrikeRequestSchema>,
  ): Promise<FreeTextStruck> {
    const meant = new RegExp(words.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`), 'giu');
    const without = (text: string) => {
      const after = text.replaceAll(meant, struck);
      return after !== text && whole ? struck : after;
    };
    return this.#db.transaction().execute(async (tx) => {
      const done: string[] = [];
      for (const { kind, id } of places)
        if (await replaceFreeText(tx, { site, kind, id }, without)) done.push(`${kind} ${id}`);
      if (done.length > 0)
        await append(tx, {
          ...{ at: this.#now(), actor: actorOf(person), site, action: 'texts_struck', subject: null, reason },
          ...{ outcome: 'done', details: { struck: done.length, whole, places: done } },
        });
      return { struck: done.length };
    });
  }

  #now(): string {
    return new Date(this.#nowMs()).toISOString();
  }
}
