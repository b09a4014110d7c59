import type {
  AuditAction,
  Permission,
  RulesRequest,
  RulesWritten,
  SiteApplied,
  SiteEdit,
  SiteEditsRequest,
  SiteFileView,
  SitePlan,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { jsonPointer, type SiteId } from '@watchpost/contracts/wire';
import { auditedChange } from '../governance/audited-change.ts';
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

/** Changes of site files by people: who may make them, and what is written down of it, before and after. */
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
    const editor = this.#editor;
    const entries = parts.flatMap(({ action, isOf }) => {
      const edits = change.edits.filter(isOf);
      if (edits.length === 0) return [];
      const paths = edits.slice(0, siteEditingPolicy.pathsNamed).map(({ path }) => jsonPointer(path));
      const details = {
        paths: paths.map((path) => path.slice(0, 200)),
        ...{ edits: edits.length, before: change.basedOn },
      };
      const subject = { kind: 'site', id: site };
      return [{ actor: actorOf(person), site, action, subject, reason: null, details }];
    });
    return auditedChange(this.#options, {
      entries,
      work: () => editor.apply(site, change),
      learnt: ({ digest }) => ({ after: digest }),
    });
  }

  /** @returns how the site file names it */
  async keepSecret(person: Person, site: SiteId, name: string, value: string): Promise<{ secret: string }> {
    const editor = this.#editor;
    const { secret } = await auditedChange(this.#options, {
      entries: [
        {
          ...{ actor: actorOf(person), site, action: 'secret_written', reason: null, details: {} },
          subject: { kind: 'secret', id: name },
        },
      ],
      work: () => editor.keepSecret(site, name, value),
      learnt: ({ secret }) => ({ secret }),
    });
    return { secret };
  }

  /**
   * {@link SiteEditing.putIntoForce} once this is answered.
   * @throws WatchpostError as {@link SiteEditor.writeRules}
   */
  async writeRules(person: Person, site: SiteId, change: RulesRequest): Promise<RulesWritten> {
    const editor = this.#editor;
    const details = { paths: ['/policy/risk/ruleSet'], edits: 1, before: change.basedOn };
    return auditedChange(this.#options, {
      entries: [
        {
          ...{ actor: actorOf(person), site, action: 'site_changed', reason: null, details },
          subject: { kind: 'site', id: site },
        },
      ],
      work: () => editor.writeRules(site, change),
      learnt: ({ ruleSet }) => ({ after: ruleSet }),
    });
  }

  putIntoForce(): Promise<void> {
    return this.#editor.putIntoForce();
  }

  get #editor(): SiteEditor {
    const { editor } = this.#options;
    if (!editor) throw new WatchpostError('site.editor_away');
    return editor;
  }
}

function assertMayEdit(person: Person, site: SiteId, { edits }: SiteEditsRequest): void {
  for (const { permission, isOf } of parts)
    if (edits.some(isOf) && !maySomebody(person, site, permission))
      throw new WatchpostError('api.forbidden', { details: { permission } });
}
