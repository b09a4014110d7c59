import type { AccountScope, Role, Session } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { usePageTexts } from '../../texts/texts.tsx';
import { roleNames } from './role-names.ts';
import { siteText } from './scope-text.ts';
import type { peopleEn } from './texts-en.ts';

const everySite = '*';
type Zones = AccountScope['zones'];

export interface ScopeEditorProps {
  readonly scopes: readonly AccountScope[];
  /** All of the server: who manages accounts sees each. */
  readonly session: Pick<Session, 'sites'>;
  readonly sites: ReadonlyMap<string, Site>;
  readonly onChange: (scopes: readonly AccountScope[]) => void;
}

/** Where somebody may do what: a role for each site, or for all, and on a site of which zones. */
export function ScopeEditor({ scopes, session, sites, onChange }: ScopeEditorProps) {
  const { t } = usePageTexts<typeof peopleEn>();
  const taken = new Set<string>(scopes.map(({ site }) => site));
  const all = [everySite, ...session.sites.map(({ site }) => site)] as const;
  const free = all.filter((site) => !taken.has(site));
  const set = (index: number, change: Partial<AccountScope>) =>
    onChange(scopes.map((scope, at) => (at === index ? { ...scope, ...change } : scope)));
  const add = () => {
    // The person's own first site before every site: the narrower right is the one that is given by a slip.
    const site = free.find((one) => one !== everySite) ?? free[0];
    if (site !== undefined) onChange([...scopes, { site, role: 'viewer', zones: null }]);
  };
  return (
    <div className="scope-editor" data-testid="scope-editor">
      {scopes.map((scope, index) => (
        <ScopeRow
          key={scope.site}
          scope={scope}
          choices={all.filter((site) => site === scope.site || !taken.has(site))}
          sites={sites}
          onChange={(change) => set(index, change)}
          onRemove={() => onChange(scopes.filter((_, at) => at !== index))}
        />
      ))}
      {free.length > 0 && (
        <button type="button" className="button" onClick={add} data-testid="scope-add">
          {t('people.scopeAdd')}
        </button>
      )}
    </div>
  );
}

interface ScopeRowProps {
  readonly scope: AccountScope;
  readonly choices: readonly AccountScope['site'][];
  readonly sites: ReadonlyMap<string, Site>;
  readonly onChange: (change: Partial<AccountScope>) => void;
  readonly onRemove: () => void;
}

function ScopeRow({ scope, choices, sites, onChange, onRemove }: ScopeRowProps) {
  const texts = usePageTexts<typeof peopleEn>();
  const { t, language } = texts;
  const name = siteText(texts, sites, scope.site);
  const zones = sites.get(scope.site)?.zones ?? [];
  const turn = (zone: NonNullable<Zones>[number]) => {
    const chosen = scope.zones ?? [];
    const next = chosen.includes(zone) ? chosen.filter((one) => one !== zone) : [...chosen, zone];
    onChange({ zones: next.length === 0 ? null : next });
  };
  return (
    <fieldset className="scope" data-testid="scope" data-site={scope.site}>
      <legend>{name}</legend>
      <label className="field">
        <span className="field-label">{t('people.site')}</span>
        <select
          className="field-input"
          value={scope.site}
          onChange={({ target }) => onChange({ site: target.value as AccountScope['site'], zones: null })}
          data-testid="scope-site"
        >
          {choices.map((site) => (
            <option key={site} value={site}>
              {siteText(texts, sites, site)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span className="field-label">{t('people.role')}</span>
        <select
          className="field-input"
          value={scope.role}
          onChange={({ target }) => onChange({ role: target.value as Role })}
          data-testid="scope-role"
        >
          {roleNames.map((role) => (
            <option key={role} value={role}>
              {t(`role.${role}`)}
            </option>
          ))}
        </select>
        <small className="muted">{t(`people.roleHelp.${scope.role}`)}</small>
      </label>
      {zones.length > 0 && (
        <details open={scope.zones !== null}>
          <summary>{t('people.zones')}</summary>
          <div className="choices">
            {zones.map((zone) => (
              <label key={zone.id} className="choice">
                <input
                  type="checkbox"
                  checked={scope.zones?.includes(zone.id) ?? false}
                  onChange={() => turn(zone.id)}
                  data-testid={`scope-zone-${zone.id}`}
                />
                {zone.name[language]}
              </label>
            ))}
          </div>
        </details>
      )}
      <button
        type="button"
        className="button button-narrow"
        aria-label={t('people.scopeRemoveLabel', { site: name })}
        onClick={onRemove}
        data-testid="scope-remove"
      >
        {t('people.scopeRemove')}
      </button>
    </fieldset>
  );
}
