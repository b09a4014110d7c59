import type { LoadFigures } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import type { ReactNode } from 'react';
import { whereText } from '../../texts/alert-texts.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { minuteTime } from '../../texts/time-text.ts';
import type { loadEn } from './texts-en.ts';

export interface LoadSourcesProps {
  readonly load: LoadFigures;
  readonly site: Site | null;
}

/** Devices that make most of it, that are forgotten, and that chatter. */
export function LoadSources({ load, site }: LoadSourcesProps) {
  const { t, language } = usePageTexts<typeof loadEn>();
  const { topSources, stale, chattering } = load;
  const at = stale.oldestAt === null ? '' : minuteTime(stale.oldestAt, site?.timeZone, language);
  return (
    <>
      <Sources name={t('load.top')} testId="load-top" sources={topSources} site={site} />
      <Sources name={t('load.stale')} testId="load-stale" sources={stale.sources} site={site}>
        {stale.count > 0 && <p>{t('load.staleText', { count: stale.count, at })}</p>}
      </Sources>
      <Sources name={t('load.chattering')} testId="load-chattering" sources={chattering} site={site} />
    </>
  );
}

interface SourcesProps {
  readonly name: string;
  readonly testId: string;
  readonly sources: LoadFigures['topSources'];
  readonly site: Site | null;
  readonly children?: ReactNode;
}

function Sources({ name, testId, sources, site, children }: SourcesProps) {
  const texts = usePageTexts<typeof loadEn>();
  const { t, number } = texts;
  return (
    <section className="managed-part" aria-label={name} data-testid={testId}>
      <h3>{name}</h3>
      {children}
      {sources.length === 0 ? (
        <p>{t('load.none')}</p>
      ) : (
        <table className="cards-table">
          <thead>
            <tr>
              <th scope="col">{t('load.device')}</th>
              <th scope="col">{t('load.alerts')}</th>
            </tr>
          </thead>
          <tbody>
            {sources.map((source) => (
              <tr key={source.device}>
                <th scope="row">{whereText(texts, site, source)}</th>
                <td data-label={t('load.alerts')}>{number(source.alerts)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
