import type { SilenceList } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useCallback, useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import type { silencesEn } from '../../ui/silences/texts-en.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import { SilenceForm } from './silence-form.tsx';
import { SilenceItem } from './silence-item.tsx';

/** What is silenced now and ahead, what was, and how to silence more. */
export function SilencesPage({ ask, session, sites }: ManagedPageProps) {
  const { t } = usePageTexts<typeof silencesEn>();
  const [withEnded, setWithEnded] = useState(false);
  const load = useCallback(
    async () => ({
      current: await call(ask, 'GET /silences'),
      ended: withEnded ? await call(ask, 'GET /silences', { query: { ended: 'yes' } }) : null,
    }),
    [ask, withEnded],
  );
  const { value, problem, reload } = useLoaded(load);
  const mayMake = session.sites.filter(({ permissions }) => permissions.includes('silences.make'));
  const items = (list: SilenceList) => (
    <ul className="silences">
      {list.silences.map((silence) => (
        <SilenceItem
          key={silence.id}
          {...{ ask, session, silence, onChanged: reload }}
          site={sites.get(silence.site) ?? null}
        />
      ))}
    </ul>
  );
  return (
    <>
      <h2>{t('manage.silences')}</h2>
      <p className="muted">{t('silences.lead')}</p>
      <p className="problem" role="alert" data-testid="silences-problem">
        {problem}
      </p>
      {value && (
        <section className="managed-part" aria-label={t('silences.current')}>
          <h3>{t('silences.current')}</h3>
          {value.current.silences.length === 0 && <p data-testid="silences-none">{t('silences.none')}</p>}
          {items(value.current)}
        </section>
      )}
      {mayMake.length > 0 && <SilenceForm {...{ ask, sites, onDone: reload }} reach={mayMake} />}
      <section className="managed-part" aria-label={t('silences.ended')}>
        {value?.ended ? (
          <>
            <h3>{t('silences.ended')}</h3>
            {items(value.ended)}
          </>
        ) : (
          <button
            type="button"
            className="button"
            onClick={() => setWithEnded(true)}
            data-testid="silences-ended"
          >
            {t('silences.ended')}
          </button>
        )}
      </section>
      <button type="button" className="button" onClick={() => void reload()} data-testid="silences-again">
        {t('silences.again')}
      </button>
    </>
  );
}
