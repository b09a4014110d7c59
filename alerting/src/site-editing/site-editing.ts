import type {
  AuditAction,
  Permission,
  SiteApplied,
  SiteEdit,
  SiteEditsRequest,
  SiteFileView,
  SitePlan,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { jsonPointer, type SiteId } from '@watchpost/contracts/wire';
import { append } from '../governance/audit-log.ts';
import { actorOf, maySomebody, type Person } from '../governance/person.ts';
import type { Queryable } from '../store/schema.ts';
import { siteEditingPolicy } from './policy.ts';
import type { SiteEditor } from './site-editor.ts';

/** What {@link SiteEditing} needs. */
export interface SiteEditingOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  /** Absent where nobody owns the files: alerting runs by itself. */
  readonly editor: SiteEditor | undefined;
}

const isPrivacy = ({ path }: SiteEdit): boolean => path[0] === 'privacy';

/** Which right each part of a change needs, and what the audit log calls it. */
const parts = [
  { permission: 'privacy.edit', action: 'privacy_changed', isOf: isPrivacy },
  { permission: 'site.edit', action: 'site_changed', isOf: (edit: SiteEdit) => !isPrivacy(edit) },
] as const satisfies readonly {
  readonly permission: Permission;
  readonly action: AuditAction;
  readonly isOf: (edit: SiteEdit) => boolean;
}[];

/** Changes of site files by people: who may make them, and what is written down of it. */
export class SiteEditing {
  readonly #options: SiteEditingOptions;

  constructor(options: SiteEditingOptions) {
    this.#options = options;
  }

  read(site: SiteId): Promise<SiteFileView> {
    return this.#editor.read(site);
  }

  /** @throws WatchpostError `api.forbidden` with the right that is missing; as {@link SiteEditor.plan} */
  async plan(person: Person, site: SiteId, change: SiteEditsRequest): Promise<SitePlan> {
    assertMayEdit(person, site, change);
    return this.#editor.plan(site, change);
  }

  /**
   * {@link SiteEditing.putIntoForce} once this is answered.
   * @throws WatchpostError `api.forbidden` with the right that is missing; as {@link SiteEditor.apply}
   */
  async apply(person: Person, site: SiteId, change: SiteEditsRequest): Promise<SiteApplied> {
    assertMayEdit(person, site, change);
    const applied = await this.#editor.apply(site, change);
    for (const { action, isOf } of parts) {
      const edits = change.edits.filter(isOf);
      if (edits.length === 0) continue;
      const paths = edits.slice(0, siteEditingPolicy.pathsNamed).map(({ path }) => jsonPointer(path));
      await this.#note(
        person,
        site,
        action,
        { kind: 'site', id: site },
        {
          paths: paths.map((path) => path.slice(0, 200)),
          edits: edits.length,
          before: change.basedOn,
          after: applied.digest,
        },
      );
    }
    return applied;
  }

  /** @returns how the site file names it */
  async keepSecret(person: Person, site: SiteId, name: string, value: string): Promise<{ secret: string }> {
    const { secret } = await this.#editor.keepSecret(site, name, value);
    await this.#note(person, site, 'secret_written', { kind: 'secret', id: secret }, {});
    return { secret };
  }

  putIntoForce(): Promise<void> {
    return this.#editor.putIntoForce();
  }

  get #editor(): SiteEditor {
    const { editor } = this.#options;
    if (!editor) throw new WatchpostError('site.editor_away');
    return editor;
  }

  async #note(
    person: Person,
    site: SiteId,
    action: AuditAction,
    subject: { readonly kind: string; readonly id: string },
    details: Parameters<typeof append>[1]['details'],
  ): Promise<void> {
    const { db, nowMs } = this.#options;
    await append(db, {
      ...{ at: new Date(nowMs()).toISOString(), actor: actorOf(person), site, action, subject },
      ...{ reason: null, outcome: 'done', details },
    });
  }
}

function assertMayEdit(person: Person, site: SiteId, { edits }: SiteEditsRequest): void {
  for (const { permission, isOf } of parts)
    if (edits.some(isOf) && !maySomebody(person, site, permission))
      throw new WatchpostError('api.forbidden', { details: { permission } });
}
