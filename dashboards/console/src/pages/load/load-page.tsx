import type { LoadFigures } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useCallback, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import { LoadSources } from './load-sources.tsx';
import { LoadSums } from './load-sums.tsx';
import { LoadTimes } from './load-times.tsx';
import type { loadEn } from './texts-en.ts';

const spans = [1, 7, 30] as const;
const dayMs = 86_400_000;

/** The server’s own clock says what is now: it answers for the last day when nothing is said. */
async function loadLoad(ask: Ask, site: string, days: number): Promise<LoadFigures> {
  const last = await call(ask, 'GET /load', { query: { site } });
  if (days === 1) return last;
  const from = new Date(Date.parse(last.until) - days * dayMs).toISOString();
  return call(ask, 'GET /load', { query: { site, from } });
}

/** What the officers of a site have to deal with. */
export function LoadPage({ ask, session, sites }: ManagedPageProps) {
  const { t } = usePageTexts<typeof loadEn>();
  const seen = session.sites.filter(
    ({ permissions, zones }) => permissions.includes('response.review') && zones === null,
  );
  const [siteId, setSiteId] = useState<string>(seen[0]?.site ?? '');
  const [days, setDays] = useState<number>(7);
  const { value, problem } = useLoaded(useCallback(() => loadLoad(ask, siteId, days), [ask, siteId, days]));
  const site = sites.get(siteId) ?? null;
  return (
    <>
      <h2>{t('manage.load')}</h2>
      <p className="muted">{t('load.lead')}</p>
      {seen.length > 1 && (
        <label className="field">
          <span className="field-label">{t('load.site')}</span>
          <select
            className="field-input"
            value={siteId}
            onChange={({ target }) => setSiteId(target.value)}
            data-testid="load-site"
          >
            {seen.map((one) => (
              <option key={one.site} value={one.site}>
                {one.site}
              </option>
            ))}
          </select>
        </label>
      )}
      <label className="field">
        <span className="field-label">{t('load.span')}</span>
        <select
          className="field-input"
          value={days}
          onChange={({ target }) => setDays(Number(target.value))}
          data-testid="load-span"
        >
          {spans.map((span) => (
            <option key={span} value={span}>
              {t(`load.span.${span}`)}
            </option>
          ))}
        </select>
      </label>
      <p className="problem" role="alert" data-testid="load-problem">
        {problem}
      </p>
      {value && (
        <>
          <LoadSums load={value} site={site} />
          <LoadTimes load={value} />
          <LoadSources load={value} site={site} />
        </>
      )}
    </>
  );
}
