import type { LoggedNotice, Receiver } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useCallback } from 'react';
import type { Ask } from '../../api/ask.ts';
import { codeText } from '../../texts/problem-text.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { absoluteTime } from '../../texts/time-text.ts';
import { MoreButton } from '../../ui/more-button.tsx';
import { usePaged } from '../../ui/use-paged.ts';
import type { receiversEn } from './texts-en.ts';

export interface DeliveryLogProps {
  readonly ask: Ask;
  readonly site: string;
  readonly receiver: Receiver;
  readonly timeZone: string | undefined;
  readonly onBack: () => void;
}

/** What one receiver was told and is to be told, the newest first, and what became of it. */
export function DeliveryLog({ ask, site, receiver, timeZone, onBack }: DeliveryLogProps) {
  const texts = usePageTexts<typeof receiversEn>();
  const { t, language } = texts;
  const { id } = receiver;
  const { items, problem, more } = usePaged(
    useCallback(
      async (after: string | null) => {
        const page = await call(ask, 'GET /notices', { query: { site, receiver: id, cursor: after } });
        return { items: page.notices, next: page.next };
      },
      [ask, site, id],
    ),
  );
  const at = (time: string | null) => (time === null ? '' : absoluteTime(time, timeZone, language));
  const outcome = ({ state, sentAt, dueAt, code }: LoggedNotice) =>
    [
      t(`receivers.outcome.${state}`, { at: at(state === 'sent' ? sentAt : dueAt) }),
      ...(code === null ? [] : [codeText(texts, code)]),
    ].join(': ');
  return (
    <>
      <button type="button" className="button button-quiet" onClick={onBack} data-testid="log-back">
        {t('receivers.back')}
      </button>
      <p className="problem" role="alert" data-testid="log-problem">
        {problem}
      </p>
      <p role="status" className="muted" data-testid="log-none">
        {items?.length === 0 ? t('receivers.noLog') : ''}
      </p>
      {items && items.length > 0 ? (
        <table className="cards-table">
          <thead>
            <tr>
              <th scope="col">{t('receivers.when')}</th>
              <th scope="col">{t('receivers.what')}</th>
              <th scope="col">{t('receivers.outcome')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((notice) => (
              <tr key={notice.id} data-testid="notice" data-state={notice.state}>
                <th scope="row" className="when">
                  {at(notice.at)}
                </th>
                <td data-label={t('receivers.what')}>
                  {t(`receivers.kind.${notice.kind}`)} · {t(`severity.${notice.severity}`)}
                </td>
                <td data-label={t('receivers.outcome')}>{outcome(notice)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      <MoreButton more={more} label={t('receivers.more')} testId="log-more" />
    </>
  );
}
