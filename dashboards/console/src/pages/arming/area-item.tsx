import { call } from '@watchpost/contracts/client';
import { useEffect } from 'react';
import { newId } from '../../api/new-id.ts';
import { durationText } from '../../texts/duration-text.ts';
import { usePageTexts, useTexts } from '../../texts/texts.tsx';
import { clockTime } from '../../texts/time-text.ts';
import { useAction } from '../../ui/use-action.ts';
import { addressed } from './addressed.ts';
import type { AreaPartProps } from './area-part.ts';
import { AreaSteps } from './area-steps.tsx';
import { ArmForm } from './arm-form.tsx';
import { DisarmForm } from './disarm-form.tsx';
import { LeftOut } from './left-out.tsx';
import { useProblemWords } from './problem-words.ts';
import type { armingEn } from './texts-en.ts';

export interface AreaItemProps extends AreaPartProps {
  readonly maySet: boolean;
  /** Whether the person has a code. */
  readonly ownCode: boolean;
}

/** One area: how it is, what it comes to, and what may be done with it. */
export function AreaItem({ maySet, ownCode, ...part }: AreaItemProps) {
  const { t, language } = usePageTexts<typeof armingEn>();
  const { area, site, nowMs } = part;
  const words = useProblemWords(site, nowMs);
  const { phase, mode, since, by, refused, entered } = area;
  return (
    <li data-testid="area" data-phase={phase} data-area={area.area}>
      <h3>{area.name[language]}</h3>
      <p className="area-phase" aria-live="polite">
        <b data-testid="area-phase">{t(`arming.phase.${phase}`)}</b>
        {mode && ` · ${t(`arming.mode.${mode}`)}`}
        {since && (
          <small className="muted">
            {' '}
            {t('arming.since', { time: words.at(since), who: by ?? t('arming.bySchedule') })}
          </small>
        )}
      </p>
      <Countdown {...part} />
      {entered && (phase === 'entry' || phase === 'alarm') && (
        <p data-testid="area-entered">
          {t('arming.entered', { device: words.device(entered.device), time: words.at(entered.at) })}
        </p>
      )}
      {area.lateMs >= 1_000 && <Late lateMs={area.lateMs} />}
      {refused && (
        <p className="warn" data-testid="area-refused">
          {t('arming.refused', {
            ...{ mode: t(`arming.mode.${refused.mode}`), time: words.at(refused.at) },
            what: words.problems(refused.problems),
          })}
        </p>
      )}
      <LeftOut {...part} maySet={maySet} />
      {maySet && phase === 'disarmed' && <ArmForm {...part} />}
      {maySet && phase !== 'disarmed' && <DisarmForm {...part} ownCode={ownCode} />}
      <Next {...part} maySet={maySet} />
      <AreaSteps {...part} />
    </li>
  );
}

/** The delay that runs: the clock time of its end, and how long that is. */
function Countdown({ area: { phase, until }, site, nowMs, onChanged }: AreaPartProps) {
  const texts = useTexts();
  const { t, language } = usePageTexts<typeof armingEn>();
  const leftMs = until === null ? null : Math.max(0, Date.parse(until) - nowMs);
  const isOver = leftMs === 0;
  useEffect(() => {
    if (isOver) void onChanged();
  }, [isOver, onChanged]);
  if (until === null || leftMs === null) return null;
  const values = {
    time: clockTime(Date.parse(until), site?.timeZone, language),
    left: durationText(texts, Math.ceil(leftMs / 1_000) * 1_000),
  };
  return (
    <p className="area-countdown" role="timer" data-testid="area-countdown">
      {phase === 'entry' ? t('arming.entryUntil', values) : t('arming.exitUntil', values)}
    </p>
  );
}

function Late({ lateMs }: { readonly lateMs: number }) {
  const texts = useTexts();
  const { t } = usePageTexts<typeof armingEn>();
  return <p data-testid="area-late">{t('arming.late', { late: durationText(texts, lateMs) })}</p>;
}

/** What the schedule does next; shown apart when it is near, and may be put off once. */
function Next({ ask, area, site, nowMs, onChanged, maySet }: AreaPartProps & { readonly maySet: boolean }) {
  const { t } = usePageTexts<typeof armingEn>();
  const words = useProblemWords(site, nowMs);
  const action = useAction();
  const { next } = area;
  if (!next) return null;
  const isSoon = nowMs >= Date.parse(next.warnFrom);
  const values = { time: words.at(next.at), mode: t(`arming.mode.${next.mode}`) };
  const postpone = async () => {
    await call(ask, 'POST /arming/{area}/postpone', {
      ...addressed(area),
      body: { id: newId(), at: next.at },
    });
    await onChanged();
  };
  return (
    <div className={isSoon ? 'warn' : 'muted'} data-testid="area-next" data-soon={isSoon}>
      <p role={isSoon ? 'status' : undefined}>
        {isSoon ? t('arming.soon', values) : t('arming.next', values)}
      </p>
      {maySet && isSoon && next.postponeMinutes > 0 && (
        <button
          type="button"
          className="button"
          disabled={action.busy}
          onClick={() => void action.run(postpone)}
          data-testid="area-postpone"
        >
          {t('arming.postpone', { minutes: next.postponeMinutes })}
        </button>
      )}
      <p className="problem" role="alert">
        {action.problem}
      </p>
    </div>
  );
}
