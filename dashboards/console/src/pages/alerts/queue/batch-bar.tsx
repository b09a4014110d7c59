import type { Disposition } from '@watchpost/contracts/alert';
import type { AlertAction } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { useState } from 'react';
import type { Ask } from '../../../api/ask.ts';
import { siteClock } from '../../../live/site-clock.ts';
import type { SiteWatch } from '../../../live/site-watch.ts';
import type { QueueFilter } from '../../../routes/queue-filter.ts';
import { whatHappened, whereOnSite } from '../../../texts/alert-texts.ts';
import { codeText } from '../../../texts/problem-text.ts';
import { usePageTexts } from '../../../texts/texts.tsx';
import { AskFirst } from '../../../ui/ask-first.tsx';
import { LongField } from '../../../ui/field.tsx';
import { useAction } from '../../../ui/use-action.ts';
import { type Picked, pick } from '../picked.ts';
import type { queueEn } from './texts-en.ts';
import { batchAtMost, type Failure, inverseOf, pickAll, useBatch } from './use-batch.ts';
import type { Undoable } from './use-undo.ts';

const dispositions: readonly Disposition[] = ['genuine', 'false', 'nuisance', 'test', 'duplicate'];
const minutesOffered = [15, 30, 60, 240, 720];

export interface BatchBarProps {
  readonly ask: Ask;
  readonly watch: Pick<SiteWatch, 'accept' | 'known'>;
  readonly siteOf: (id: string) => Site | null;
  readonly several: boolean;
  /** Of which site the list is; null for all. */
  readonly chosen: string | null;
  readonly filter: QueueFilter;
  /** How many unresolved alerts fit. */
  readonly total: number;
  readonly picked: Picked;
  readonly onPick: (picked: Picked | null) => void;
  readonly offer: (undoable: Undoable) => void;
}

/** What is done with the alerts that are selected. */
export function BatchBar(props: BatchBarProps) {
  const { ask, watch, chosen, filter, total, picked, onPick, offer } = props;
  const { t } = usePageTexts<typeof queueEn>();
  const action = useAction();
  const { act, failures, forget } = useBatch(ask, watch);
  const [part, setPart] = useState(false);
  const alerts = [...picked].slice(0, batchAtMost).map(([id, version]) => ({ id, version }));

  async function take(wish: AlertAction & { readonly do: keyof typeof inverseOf }): Promise<void> {
    const { done } = await act(wish, alerts);
    onPick(pick(picked, done, false));
    if (done.length === 0) return;
    offer({
      said: t(`queue.done.${wish.do}`, { count: done.length }),
      undo: async () => {
        const back = done.map(({ id, version }) => ({ id, version }));
        await act({ do: inverseOf[wish.do] }, back);
      },
    });
  }

  const all = () =>
    action.run(async () => {
      const { picked: found, total: fitting } = await pickAll(ask, chosen, filter);
      setPart(fitting > found.size);
      onPick(found);
    });
  const isNone = picked.size === 0;
  return (
    <div className="batch-bar" data-testid="batch-bar">
      <p className="queue-line">
        <b role="status" data-testid="picked" data-count={picked.size}>
          {t('queue.selected', { count: picked.size })}
        </b>
        {total > 0 && (
          <button
            type="button"
            className="button button-quiet"
            data-testid="pick-all"
            onClick={() => void all()}
          >
            {total > batchAtMost
              ? t('queue.part', { count: batchAtMost, total })
              : t('queue.all', { count: total })}
          </button>
        )}
      </p>
      {isNone && <p className="queue-hint muted">{t('queue.selectHint')}</p>}
      {!isNone && (
        <div className="steps-row batch-steps">
          <button
            type="button"
            className="button button-primary"
            data-testid="batch-acknowledge"
            data-pending={action.busy || undefined}
            onClick={() => void action.run(() => take({ do: 'acknowledge' }))}
          >
            {t('queue.acknowledge')}
          </button>
          <AskFirst
            {...{ button: t('queue.resolve'), testId: 'batch-resolve', danger: false }}
            title={t('queue.resolveTitle', { count: alerts.length })}
            text={t('queue.resolveText')}
            onConfirm={(fields) =>
              take({
                do: 'resolve',
                disposition: fields.get('disposition') as Disposition,
                reason: String(fields.get('reason') ?? '').trim(),
              })
            }
          >
            <label className="field">
              <span className="field-label">{t('queue.itWas')}</span>
              <select
                className="field-input"
                name="disposition"
                required
                defaultValue=""
                data-testid="batch-disposition"
              >
                <option value="" disabled>
                  –
                </option>
                {dispositions.map((one) => (
                  <option key={one} value={one}>
                    {t(`disposition.${one}`)}
                  </option>
                ))}
              </select>
            </label>
            <LongField
              label={t('queue.reason')}
              {...{ name: 'reason', required: true, minLength: 3, maxLength: 500 }}
              data-testid="batch-reason"
            />
          </AskFirst>
          <AskFirst
            {...{ button: t('queue.putOff'), testId: 'batch-snooze', danger: false }}
            title={t('queue.putOffTitle', { count: alerts.length })}
            text={t('queue.putOffText')}
            onConfirm={(fields) => {
              const reason = String(fields.get('reason') ?? '').trim();
              const untilMs = siteClock.nowMs() + Number(fields.get('minutes')) * 60_000;
              const until = new Date(untilMs).toISOString();
              return take({ do: 'snooze', until, ...(reason === '' ? {} : { reason }) });
            }}
          >
            <label className="field">
              <span className="field-label">{t('queue.for')}</span>
              <select className="field-input" name="minutes" defaultValue={60} data-testid="batch-minutes">
                {minutesOffered.map((count) => (
                  <option key={count} value={count}>
                    {count < 60 ? t('queue.minutes', { count }) : t('queue.hours', { count: count / 60 })}
                  </option>
                ))}
              </select>
            </label>
            <LongField label={t('queue.reason')} {...{ name: 'reason', maxLength: 400 }} />
          </AskFirst>
        </div>
      )}
      {part && picked.size === batchAtMost && (
        <p className="queue-hint muted">{t('queue.part', { count: batchAtMost, total })}</p>
      )}
      <p className="problem" role="alert" data-testid="batch-problem">
        {action.problem}
      </p>
      {failures.length > 0 && <Failures {...props} failures={failures} onClose={forget} />}
    </div>
  );
}

interface FailuresProps extends Pick<BatchBarProps, 'siteOf' | 'several'> {
  readonly failures: readonly Failure[];
  readonly onClose: () => void;
}

/** Which alerts were not changed, and why. */
function Failures({ failures, siteOf, several, onClose }: FailuresProps) {
  const texts = usePageTexts<typeof queueEn>();
  const { t } = texts;
  return (
    <div className="batch-failures" role="alert" data-testid="batch-failures">
      <b>{t('queue.failed', { count: failures.length })}</b>
      <ul>
        {failures.map(({ id, alert, code }) => (
          <li key={id} data-testid="batch-failure" data-code={code}>
            {alert
              ? t('queue.failedOne', {
                  what: whatHappened(texts, alert.eventType, alert.details, alert.device),
                  where: whereOnSite(texts, siteOf(alert.site), alert, several),
                  why: codeText(texts, code),
                })
              : codeText(texts, code)}
          </li>
        ))}
      </ul>
      <button type="button" className="button" data-testid="batch-failures-close" onClick={onClose}>
        {t('queue.close')}
      </button>
    </div>
  );
}
