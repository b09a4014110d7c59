import {
  type RulesRequest,
  type RulesWritten,
  rulesWrittenSchema,
  type SiteApplied,
  type SiteEditorAsk,
  type SiteEditsRequest,
  type SiteFileView,
  type SitePlan,
  secretAnswerSchema,
  siteAppliedSchema,
  siteEditorLimits,
  siteFileViewSchema,
  sitePlanSchema,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { SiteId } from '@watchpost/contracts/wire';
import { exchangeLocally } from '@watchpost/service';
import { z } from 'zod';
import { siteEditingPolicy } from './policy.ts';
import type { SiteEditor } from './site-editor.ts';

const limits = {
  valueBytes: siteEditorLimits.answerBytes,
  attachedBytes: 0,
  attachments: 0,
  arrivalMs: siteEditingPolicy.answerMs,
  connections: 0,
} as const;

/** The owner of the site files, at its socket file. */
export class SiteEditorSocket implements SiteEditor {
  readonly #path: string;

  /** @param path the socket file */
  constructor(path: string) {
    this.#path = path;
  }

  read(site: SiteId): Promise<SiteFileView> {
    return this.#ask(siteFileViewSchema, { ask: 'read', site });
  }

  plan(site: SiteId, change: SiteEditsRequest): Promise<SitePlan> {
    return this.#ask(sitePlanSchema, { ask: 'plan', site, ...change });
  }

  apply(site: SiteId, change: SiteEditsRequest): Promise<SiteApplied> {
    return this.#ask(siteAppliedSchema, { ask: 'apply', site, ...change });
  }

  keepSecret(site: SiteId, name: string, value: string): Promise<{ readonly secret: string }> {
    return this.#ask(secretAnswerSchema, { ask: 'keep_secret', site, name, value });
  }

  writeRules(site: SiteId, change: RulesRequest): Promise<RulesWritten> {
    return this.#ask(rulesWrittenSchema, { ask: 'write_rules', site, ...change });
  }

  async putIntoForce(): Promise<void> {
    await this.#ask(z.null(), { ask: 'put_into_force' });
  }

  async #ask<T>(schema: z.ZodType<T>, value: SiteEditorAsk): Promise<T> {
    const answer = await this.#exchange(value);
    const parsed = schema.safeParse(answer?.value);
    if (parsed.success) return parsed.data;
    throw new WatchpostError('site.editor_away', { cause: parsed.error });
  }

  async #exchange(value: SiteEditorAsk) {
    try {
      return await exchangeLocally(this.#path, { value, attachments: [] }, limits);
    } catch (cause) {
      if (cause instanceof WatchpostError && !cause.code.startsWith('local.')) throw cause;
      throw new WatchpostError('site.editor_away', { cause });
    }
  }
}
