import type { OnDutyNow } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useCallback } from 'react';
import { newId } from '../../api/new-id.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { minuteTime } from '../../texts/time-text.ts';
import { AskFirst } from '../../ui/ask-first.tsx';
import { LongField } from '../../ui/field.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { MoreButton } from '../../ui/more-button.tsx';
import { usePaged } from '../../ui/use-paged.ts';
import type { dutyEn } from './texts-en.ts';

export interface HandoversProps extends Pick<ManagedPageProps, 'ask' | 'session'> {
  readonly now: OnDutyNow;
  readonly onShow: (id: string) => void;
}

/** Handing over, for who is on duty, and what was handed over. */
export function Handovers({ ask, session, now, onShow }: HandoversProps) {
  const { t, language } = usePageTexts<typeof dutyEn>();
  const { items, problem, more } = usePaged(
    useCallback(
      async (after: string | null) => {
        const page = await call(ask, 'GET /duty/handovers', { query: { before: after } });
        return { items: page.handovers, next: page.next };
      },
      [ask],
    ),
  );
  const zones = new Map(now.rotas.map(({ rota, timeZone }) => [rota as string, timeZone]));
  const own = now.rotas.filter(({ person }) => person?.id === session.account);
  return (
    <section className="managed-part" aria-label={t('duty.handovers')}>
      <h3>{t('duty.handovers')}</h3>
      {own.map(({ rota, site, name }) => (
        <AskFirst
          key={rota}
          button={own.length > 1 ? `${t('duty.handover')}: ${name}` : t('duty.handover')}
          testId="duty-handover"
          title={t('duty.handover')}
          text={t('duty.handoverText')}
          danger={false}
          onConfirm={async (fields) => {
            const body = { id: newId(), rota, notes: String(fields.get('notes') ?? '') };
            const made = await call(ask, 'POST /duty/handovers', { query: { site }, body });
            onShow(made.id);
          }}
        >
          <LongField
            label={t('duty.notes')}
            {...{ name: 'notes', maxLength: 4_000, rows: 5 }}
            data-testid="handover-notes"
          />
        </AskFirst>
      ))}
      <p className="problem" role="alert">
        {problem}
      </p>
      {items?.length === 0 ? <p data-testid="duty-no-handovers">{t('duty.noHandovers')}</p> : null}
      {items && items.length > 0 ? (
        <table className="cards-table">
          <thead>
            <tr>
              <th scope="col">{t('duty.at')}</th>
              <th scope="col">{t('duty.rota')}</th>
              <th scope="col">{t('duty.fromTo')}</th>
              <th scope="col">{t('duty.state')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map(({ id, at, rota, rotaName, giver, taker, signedAt }) => (
              <tr key={id}>
                <th scope="row">
                  <button
                    type="button"
                    className="button button-quiet"
                    onClick={() => onShow(id)}
                    data-testid="handover-open"
                  >
                    {minuteTime(at, zones.get(rota), language)}
                  </button>
                </th>
                <td data-label={t('duty.rota')}>{rotaName}</td>
                <td data-label={t('duty.fromTo')}>
                  {t('duty.handedTo', { giver: giver.name, taker: taker.name })}
                </td>
                <td data-label={t('duty.state')}>
                  {signedAt === null ? t('duty.waiting', { who: taker.name }) : t('duty.signed')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      <MoreButton more={more} label={t('duty.again')} testId="handovers-more" />
    </section>
  );
}
