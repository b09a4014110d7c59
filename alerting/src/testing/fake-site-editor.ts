import { createHash } from 'node:crypto';
import type {
  FileMistake,
  RulesRequest,
  RulesWritten,
  SiteApplied,
  SiteEdit,
  SiteEditsRequest,
  SiteFileView,
  SitePlan,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { builtInRuleSetId, deviceKinds } from '@watchpost/contracts/site';
import { jsonPointer, type SiteId } from '@watchpost/contracts/wire';
import type { SiteEditor } from '../site-editing/site-editor.ts';

type Value = Readonly<Record<string, unknown>>;

const digestOf = (value: Value) => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/**
 * One site, in memory: knows what is wrong with a time zone and with the kind of a device, and nothing else.
 * Keeps the contract of {@link SiteEditor}.
 */
export class FakeSiteEditor implements SiteEditor {
  readonly #site: SiteId;
  #value: Value;
  #ruleSet: string = builtInRuleSetId;
  readonly secrets = new Map<string, string>();
  /** How often it was asked to put what it has into force. */
  putsIntoForce = 0;
  /** Happens when something is written and nobody knows of it yet. */
  afterWrite: (() => Promise<void>) | undefined;

  constructor(site: SiteId, value: Value) {
    this.#site = site;
    this.#value = value;
  }

  /** What stands in the file from now on. */
  reset(value: Value): void {
    this.#value = value;
  }

  async read(site: SiteId): Promise<SiteFileView> {
    this.#assertOwn(site);
    return {
      ...{ site, digest: digestOf(this.#value), writtenAt: '2026-11-27T08:00:00.000Z', inForce: true },
      ...{ value: structuredClone(this.#value), mistakes: mistakesOf(this.#value), unshown: 0, warnings: [] },
      secrets: [...this.secrets.keys()],
    };
  }

  async plan(site: SiteId, change: SiteEditsRequest): Promise<SitePlan> {
    return planOf(this.#edited(site, change));
  }

  async apply(site: SiteId, change: SiteEditsRequest): Promise<SiteApplied> {
    const next = this.#edited(site, change);
    const { outcome, ...plan } = planOf(next);
    const [first] = plan.mistakes;
    if (outcome === 'refused') throw new WatchpostError('site.edit_refused', { path: first?.path ?? '/' });
    this.#value = next;
    await this.afterWrite?.();
    return { ...plan, outcome, digest: digestOf(next) };
  }

  async keepSecret(site: SiteId, name: string, value: string): Promise<{ readonly secret: string }> {
    this.#assertOwn(site);
    const secret = `${site}.${name}`;
    this.secrets.set(secret, value);
    await this.afterWrite?.();
    return { secret };
  }

  async writeRules(site: SiteId, { basedOn, name, rules }: RulesRequest): Promise<RulesWritten> {
    this.#assertOwn(site);
    if (basedOn !== this.#ruleSet) throw new WatchpostError('site.changed_meanwhile');
    this.#ruleSet = `${name}@${digestOf(rules).slice(0, 12)}`;
    const policy = { risk: { ruleSet: name } };
    this.#value = { ...this.#value, policy };
    return { ruleSet: this.#ruleSet };
  }

  async putIntoForce(): Promise<void> {
    this.putsIntoForce++;
  }

  #edited(site: SiteId, { basedOn, edits }: SiteEditsRequest): Value {
    this.#assertOwn(site);
    if (basedOn !== digestOf(this.#value)) throw new WatchpostError('site.changed_meanwhile');
    const foreign = /"secret":"(?!SITE\.)([^"]*)"/.exec(
      JSON.stringify(edits).replaceAll(`"${this.#site}.`, '"SITE.'),
    );
    if (foreign) throw new WatchpostError('site.secret_of_others', { details: { found: foreign[1] ?? '' } });
    return edits.reduce<Value>((value, edit) => edited(value, edit), this.#value);
  }

  #assertOwn(site: SiteId): void {
    if (site !== this.#site) throw new WatchpostError('api.not_found', { path: '/site' });
  }
}

function edited(value: Value, { path, value: wanted }: SiteEdit): Value {
  const next = structuredClone(value) as Record<string, unknown>;
  let around: Record<string | number, unknown> = next;
  for (const part of path.slice(0, -1)) around = around[part] as Record<string | number, unknown>;
  const last = path.at(-1) ?? '';
  if (Array.isArray(around) && last === '-') around.push(wanted);
  else if (wanted === undefined) delete around[last];
  else around[last] = wanted;
  return next;
}

function mistakesOf(value: Value): FileMistake[] {
  const devices = Array.isArray(value.devices) ? value.devices : [];
  const at = (path: (string | number)[], code: string): FileMistake => ({
    ...{ code, line: 1, column: 1, path: jsonPointer(path), section: String(path[0]), details: {} },
  });
  return [
    ...(String(value.timeZone).includes('/') ? [] : [at(['timeZone'], 'site.format')]),
    ...devices.flatMap(({ kind }, index) =>
      deviceKinds.includes(kind) ? [] : [at(['devices', index, 'kind'], 'site.not_listed')],
    ),
  ];
}

function planOf(value: Value): SitePlan {
  const mistakes = mistakesOf(value);
  const isRefused = mistakes.some(({ section }) => section !== 'devices');
  return {
    ...{ mistakes, unshown: 0, warnings: [], outcome: isRefused ? 'refused' : 'applies' },
    changes: isRefused ? null : { alerting: true, permits: false, gateways: [], untouched: [] },
  };
}
