import type { EscalationPolicy } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useCallback, useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { SiteChoice, useManagedSite } from '../../ui/managed-site.tsx';
import { useFocusOn } from '../../ui/use-focus-on.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import { loadTargets } from './known-targets.ts';
import { PolicyCard } from './policy-card.tsx';
import { PolicyForm } from './policy-form.tsx';
import { Runs } from './runs.tsx';
import type { escalationEn } from './texts-en.ts';

type View =
  | { readonly kind: 'list' | 'new' }
  | { readonly kind: 'change'; readonly policy: EscalationPolicy };

/** By which steps people are told, whom each would reach now, and what is under way. */
export function EscalationPage({ ask, session, sites }: ManagedPageProps) {
  const { t } = usePageTexts<typeof escalationEn>();
  const { ids, site, setSite } = useManagedSite(session, 'receivers.manage');
  const [view, setView] = useState<View>({ kind: 'list' });
  const heading = useFocusOn<HTMLHeadingElement>(view);
  const { value, problem, reload } = useLoaded(
    useCallback(async () => {
      const [{ policies }, { runs }, targets] = await Promise.all([
        call(ask, 'GET /escalation/policies', { query: { site } }),
        call(ask, 'GET /escalation/runs', { query: { site } }),
        loadTargets(ask, site),
      ]);
      return { policies, runs, targets };
    }, [ask, site]),
  );
  const back = () => setView({ kind: 'list' });
  const done = async () => {
    await reload();
    back();
  };
  const of = sites.get(site);
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        {t('manage.escalation')}
      </h2>
      <p className="problem" role="alert" data-testid="escalation-problem">
        {problem}
      </p>
      {view.kind === 'list' && (
        <>
          <p className="muted">{t('escalation.lead')}</p>
          <div className="managed-tools">
            <SiteChoice {...{ ids, sites, value: site, label: t('escalation.site'), onChange: setSite }} />
            <button
              type="button"
              className="button button-primary"
              onClick={() => setView({ kind: 'new' })}
              data-testid="escalation-new"
            >
              {t('escalation.new')}
            </button>
          </div>
          <p role="status" className="muted" data-testid="escalation-none">
            {value?.policies.length === 0 ? t('escalation.none') : ''}
          </p>
          {value && (
            <>
              <ul className="escalation-list">
                {value.policies.map((policy) => (
                  <PolicyCard
                    key={policy.id}
                    {...{ ask, policy, site: of, targets: value.targets, onChanged: reload }}
                    onChange={() => setView({ kind: 'change', policy })}
                  />
                ))}
              </ul>
              <Runs runs={value.runs} timeZone={of?.timeZone} site={site} />
            </>
          )}
        </>
      )}
      {view.kind !== 'list' && value && (
        <PolicyForm
          {...{ ask, siteId: site, site: of, targets: value.targets, onDone: done, onCancel: back }}
          place={Math.max(0, ...value.policies.map((policy) => policy.place)) + 1}
          {...(view.kind === 'change' ? { policy: view.policy } : {})}
        />
      )}
    </>
  );
}
