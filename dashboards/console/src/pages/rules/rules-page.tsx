import type { RulesView } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useCallback, useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import { RuleBands } from './rule-bands.tsx';
import { draftOf, isChanged, type RuleDraft, ruleSetOf, withRule } from './rule-draft.ts';
import { RuleTable } from './rule-table.tsx';
import { RuleTrial } from './rule-trial.tsx';
import { RulesInForce } from './rules-in-force.tsx';
import type { rulesEn } from './texts-en.ts';

/** How the events of a site are judged, what other rules would have changed, and how they come into force. */
export function RulesPage({ ask, session, sites }: ManagedPageProps) {
  const { t, language } = usePageTexts<typeof rulesEn>();
  const editable = session.sites.filter(
    ({ permissions, zones }) => zones === null && permissions.includes('site.edit'),
  );
  const [site, setSite] = useState<string>(editable[0]?.site ?? '');
  const load = useCallback(() => call(ask, 'GET /rules', { query: { site } }), [ask, site]);
  const { value: view, problem, reload } = useLoaded(load);
  const nameOf = (id: string) => sites.get(id)?.name[language] ?? id;
  return (
    <>
      <h2>{t('manage.rules')}</h2>
      <p className="muted">{t('rules.lead')}</p>
      {editable.length > 1 && (
        <label className="field rules-site">
          <span className="field-label">{t('rules.site')}</span>
          <select
            className="field-input"
            value={site}
            onChange={({ target }) => setSite(target.value)}
            data-testid="rules-site"
          >
            {editable.map(({ site: one }) => (
              <option key={one} value={one}>
                {nameOf(one)}
              </option>
            ))}
          </select>
        </label>
      )}
      <p className="problem" role="alert" data-testid="rules-problem">
        {problem}
      </p>
      {!view && problem === '' && <p className="muted">{t('app.loading')}</p>}
      {view && view.site === site && (
        <Rules
          key={`${view.site} ${view.ruleSet}`}
          {...{ ask, view }}
          place={sites.get(site) ?? null}
          onForce={reload}
        />
      )}
    </>
  );
}

interface RulesProps extends Pick<ManagedPageProps, 'ask'> {
  readonly view: RulesView;
  readonly place: Parameters<typeof RuleTrial>[0]['place'];
  readonly onForce: () => Promise<void>;
}

function Rules({ ask, view, place, onForce }: RulesProps) {
  const { t } = usePageTexts<typeof rulesEn>();
  const [draft, setDraft] = useState<RuleDraft>(() => draftOf(view));
  const changed = isChanged(draft, view);
  const rules = () => ruleSetOf(draft, view);
  return (
    <>
      <p data-testid="rules-in-force">
        {view.file ? t('rules.inForce', { name: view.ruleSet }) : t('rules.builtIn')}
        {view.file?.note !== undefined && ` – ${view.file.note}`}
      </p>
      <RuleBands bands={draft.bands} onBands={(bands) => setDraft({ ...draft, bands })} />
      <RuleTable
        rules={view.rules}
        draft={draft}
        onRule={(key, rule) => setDraft(withRule(draft, key, rule))}
      />
      <div className="managed-tools">
        <p role="status" data-testid="rules-changed">
          {t(changed ? 'rules.isChanged' : 'rules.isSame')}
        </p>
        {changed && (
          <button
            type="button"
            className="button"
            onClick={() => setDraft(draftOf(view))}
            data-testid="rules-undo"
          >
            {t('rules.undo')}
          </button>
        )}
      </div>
      <RuleTrial {...{ ask, place, rules }} site={view.site} />
      <RulesInForce {...{ ask, view, rules, changed, onForce }} />
    </>
  );
}
