import type { RejectList } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { codeText } from '../../texts/problem-text.ts';
import { useTexts } from '../../texts/texts.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';

const newestShown = 5;

/** What could not be processed, for those who keep the system running: counts by code, and the newest. */
export function RejectPanel({ rejects, site }: { readonly rejects: RejectList; readonly site: Site | null }) {
  const texts = useTexts();
  const { t, number } = texts;
  const counts = Object.entries(rejects.counts).sort(([, left], [, right]) => right - left);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  return (
    <details className="pane pane-rejects" data-testid="rejects">
      <summary>
        <h2>{t('rejects.title')}</h2> <b>{number(total)}</b>
      </summary>
      {total === 0 && <p className="muted">{t('rejects.none')}</p>}
      <dl>
        {counts.map(([code, count]) => (
          <div key={code} data-code={code}>
            <dt title={code}>{codeText(texts, code)}</dt>
            <dd>{number(count)}</dd>
          </div>
        ))}
      </dl>
      {rejects.newest.length > 0 && <h3>{t('rejects.newest')}</h3>}
      <ul>
        {rejects.newest.slice(0, newestShown).map((reject) => (
          <li key={reject.id}>
            <RelativeTime time={reject.receivedAt} site={site} />{' '}
            {[
              codeText(texts, reject.code),
              reject.gateway && t('rejects.from', { gateway: reject.gateway }),
              reject.path && t('rejects.at', { path: reject.path }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </li>
        ))}
      </ul>
    </details>
  );
}
