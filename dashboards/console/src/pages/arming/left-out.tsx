import { call } from '@watchpost/contracts/client';
import { newId } from '../../api/new-id.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { useAction } from '../../ui/use-action.ts';
import { addressed } from './addressed.ts';
import type { AreaPartProps } from './area-part.ts';
import { useProblemWords } from './problem-words.ts';
import type { armingEn } from './texts-en.ts';

/** What is left out of an area, until when, and by whom. */
export function LeftOut({
  ask,
  area,
  site,
  nowMs,
  onChanged,
  maySet,
}: AreaPartProps & { readonly maySet: boolean }) {
  const { t } = usePageTexts<typeof armingEn>();
  const words = useProblemWords(site, nowMs);
  const action = useAction();
  if (area.bypassed.length === 0) return null;
  const takeBack = async (device: string) => {
    await call(ask, 'POST /arming/{area}/bypass', {
      ...addressed(area),
      body: { id: newId(), version: area.version, device, until: null },
    });
    await onChanged();
  };
  return (
    <section className="warn" aria-label={t('arming.left')}>
      <h4>{t('arming.left')}</h4>
      <ul>
        {area.bypassed.map(({ device, until, by }) => {
          const values = { device: words.device(device), who: by ?? t('arming.bySchedule') };
          return (
            <li key={device} data-testid="area-left-out">
              {until === 'once' ? t('arming.leftOnce', values) : t('arming.leftClosed', values)}{' '}
              {maySet && (
                <button
                  type="button"
                  className="button"
                  disabled={action.busy}
                  onClick={() => void action.run(() => takeBack(device))}
                >
                  {t('arming.takeBack', { device: values.device })}
                </button>
              )}
            </li>
          );
        })}
      </ul>
      <p className="problem" role="alert">
        {action.problem}
      </p>
    </section>
  );
}
