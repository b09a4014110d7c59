import { type ListedPass, type Pass, passStates } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useCallback, useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { absoluteTime } from '../../texts/time-text.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { MoreButton } from '../../ui/more-button.tsx';
import { usePaged } from '../../ui/use-paged.ts';
import { HeldPasses } from './held-passes.tsx';
import { IssueForm } from './issue-form.tsx';
import { PassDetail } from './pass-detail.tsx';
import type { passesEn } from './texts-en.ts';

type View =
  | { readonly kind: 'list' | 'new' }
  | { readonly kind: 'one'; readonly id: string; readonly site: string };

interface Filter {
  readonly state: string;
  readonly over: boolean;
}

/** Passes of visitors: issued, shown, sent, revoked, and where they were used. */
export function PassesPage({ ask, session, sites }: ManagedPageProps) {
  const { t, language } = usePageTexts<typeof passesEn>();
  const [view, setView] = useState<View>({ kind: 'list' });
  const issuing = session.sites
    .filter(({ permissions }) => permissions.includes('passes.issue'))
    .map(({ site }) => site);
  const [site, setSite] = useState(issuing[0] ?? '');
  const show = ({ id, site: of }: Pick<Pass, 'id' | 'site'>) => setView({ kind: 'one', id, site: of });
  const back = () => setView({ kind: 'list' });
  return (
    <>
      <h2>{t('manage.passes')}</h2>
      {view.kind === 'list' && (
        <>
          <p className="muted">{t('passes.lead')}</p>
          {issuing.length > 0 && (
            <button
              type="button"
              className="button button-primary"
              onClick={() => setView({ kind: 'new' })}
              data-testid="passes-new"
            >
              {t('passes.new')}
            </button>
          )}
          <PassList ask={ask} sites={sites} issuing={issuing} onShow={show} />
        </>
      )}
      {view.kind === 'new' && (
        <>
          {issuing.length > 1 && (
            <label className="field">
              <span className="field-label">{t('passes.site')}</span>
              <select
                className="field-input"
                value={site}
                onChange={({ target }) => setSite(target.value)}
                data-testid="pass-site"
              >
                {issuing.map((one) => (
                  <option key={one} value={one}>
                    {sites.get(one)?.name[language] ?? one}
                  </option>
                ))}
              </select>
            </label>
          )}
          <IssueForm key={site} ask={ask} site={site} onIssued={show} onCancel={back} />
        </>
      )}
      {view.kind === 'one' && (
        <PassDetail
          key={view.id}
          {...{ ask, id: view.id, site: sites.get(view.site), onBack: back }}
          mayIssue={issuing.some((one) => one === view.site)}
        />
      )}
    </>
  );
}

interface PassListProps extends Pick<ManagedPageProps, 'ask' | 'sites'> {
  /** Sites on which the person may issue and confirm. */
  readonly issuing: readonly string[];
  readonly onShow: (pass: ListedPass) => void;
}

function PassList({ ask, sites, issuing, onShow }: PassListProps) {
  const { t, language } = usePageTexts<typeof passesEn>();
  const [filter, setFilter] = useState<Filter>({ state: '', over: false });
  const {
    items: passes,
    problem,
    more,
    reload,
  } = usePaged(
    useCallback(
      async (after: string | null) => {
        const { state, over } = filter;
        const query = { state: state || null, over: over || null, cursor: after };
        const page = await call(ask, 'GET /passes', { query });
        return { items: page.passes, next: page.next };
      },
      [ask, filter],
    ),
  );
  return (
    <>
      <p className="problem" role="alert" data-testid="passes-problem">
        {problem}
      </p>
      <div className="pass-filter">
        <label className="field">
          <span className="field-label">{t('passes.filter')}</span>
          <select
            className="field-input"
            value={filter.state}
            onChange={({ target }) => setFilter({ ...filter, state: target.value })}
            data-testid="passes-state"
          >
            <option value="">{t('passes.all')}</option>
            {passStates.map((state) => (
              <option key={state} value={state}>
                {t(`passes.state.${state}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <input
            type="checkbox"
            checked={filter.over}
            onChange={({ target }) => setFilter({ ...filter, over: target.checked })}
            data-testid="passes-over"
          />
          {t('passes.over')}
        </label>
      </div>
      <HeldPasses ask={ask} passes={passes ?? []} issuing={issuing} onConfirmed={reload} />
      {passes?.length === 0 ? <p data-testid="passes-none">{t('passes.none')}</p> : null}
      {passes && passes.length > 0 ? (
        <table className="cards-table">
          <thead>
            <tr>
              <th scope="col">{t('passes.gates')}</th>
              <th scope="col">{t('passes.purpose')}</th>
              <th scope="col">{t('passes.state')}</th>
              <th scope="col">{t('passes.until')}</th>
              <th scope="col">{t('passes.uses')}</th>
            </tr>
          </thead>
          <tbody>
            {passes.map((pass) => (
              <tr key={`${pass.site} ${pass.id}`}>
                <th scope="row">
                  <button
                    type="button"
                    className="button button-quiet"
                    onClick={() => onShow(pass)}
                    data-testid="passes-open"
                  >
                    {pass.gates.join(', ')}
                    {sites.size > 1 ? ` · ${sites.get(pass.site)?.name[language] ?? pass.site}` : ''}
                  </button>
                </th>
                <td data-label={t('passes.purpose')}>
                  {[t(`passes.purpose.${pass.purpose}`), pass.reference].filter(Boolean).join(' · ')}
                </td>
                <td data-label={t('passes.state')}>{t(`passes.state.${pass.state}`)}</td>
                <td data-label={t('passes.until')}>
                  {absoluteTime(pass.notAfter, sites.get(pass.site)?.timeZone, language)}
                </td>
                <td data-label={t('passes.uses')}>
                  {t('passes.usesOf', { uses: pass.uses, of: pass.maxUses })}
                  {pass.over > 0 ? ` · ${t('passes.tooMany')}` : ''}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      <MoreButton more={more} label={t('passes.more')} testId="passes-more" />
    </>
  );
}
