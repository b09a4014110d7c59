import { call } from '@watchpost/contracts/client';
import { useCallback } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { usePolled } from '../../ui/response/use-polled.ts';
import { AreaItem } from './area-item.tsx';
import { OwnCode } from './own-code.tsx';
import type { armingEn } from './texts-en.ts';
import { useSecond } from './use-second.ts';

/** Milliseconds between two looks: delays are short. */
const everyMs = 3_000;

/** What is armed, and by which delay until when; for the hand that holds a phone at the door. */
export function ArmingPage({ ask, session, sites }: ManagedPageProps) {
  const { t } = usePageTexts<typeof armingEn>();
  const load = useCallback(async () => {
    const list = await call(ask, 'GET /arming');
    // Delays end by the clock of the server, whatever this one says.
    return { ...list, openedMs: Date.parse(list.time) - performance.now() };
  }, [ask]);
  const { value, problem, reload } = usePolled(load, everyMs);
  const nowMs = useSecond() + (value?.openedMs ?? 0);
  const may = (site: string) =>
    session.sites.some((one) => one.site === site && one.permissions.includes('arming.set'));
  return (
    <>
      <h2>{t('manage.arming')}</h2>
      <p className="muted">{t('arming.lead')}</p>
      <p className="problem" role="alert" data-testid="arming-problem">
        {problem}
      </p>
      {value?.areas.length === 0 && <p data-testid="arming-none">{t('arming.none')}</p>}
      <ul className="areas">
        {value?.areas.map((area) => (
          <AreaItem
            key={`${area.site} ${area.area}`}
            {...{ ask, area, nowMs, maySet: may(area.site), ownCode: value.ownCode === true }}
            site={sites.get(area.site) ?? null}
            onChanged={reload}
          />
        ))}
      </ul>
      {value?.areas.some(({ site }) => may(site)) && (
        <OwnCode {...{ ask, isSet: value.ownCode === true, onChanged: reload }} />
      )}
      <button type="button" className="button" onClick={() => void reload()} data-testid="arming-again">
        {t('arming.again')}
      </button>
    </>
  );
}
