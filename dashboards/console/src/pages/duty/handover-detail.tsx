import type { Handover } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import { useCallback } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { absoluteTime } from '../../texts/time-text.ts';
import { AskFirst } from '../../ui/ask-first.tsx';
import { LongField } from '../../ui/field.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import type { dutyEn } from './texts-en.ts';

export interface HandoverDetailProps extends ManagedPageProps {
  readonly id: string;
  readonly onBack: () => void;
}

/** One hand-over as it is printed, and its second signature. */
export function HandoverDetail({ ask, session, sites, id, onBack }: HandoverDetailProps) {
  const { t } = usePageTexts<typeof dutyEn>();
  const { value, problem, reload } = useLoaded(
    useCallback(() => call(ask, 'GET /duty/handovers/{id}', { params: { id } }), [ask, id]),
  );
  const maySign =
    value?.signedAt === null &&
    value.giver.id !== session.account &&
    session.sites.some(({ site, permissions }) => site === value.site && permissions.includes('duty.take'));
  return (
    <>
      <button type="button" className="button button-quiet" onClick={onBack} data-testid="handover-back">
        {t('duty.back')}
      </button>
      <p className="problem" role="alert" data-testid="handover-problem">
        {problem}
      </p>
      {value && (
        <>
          <div className="steps-row">
            <button
              type="button"
              className="button"
              onClick={() => window.print()}
              data-testid="handover-print"
            >
              {t('duty.print')}
            </button>
            {maySign ? (
              <AskFirst
                button={t('duty.sign')}
                testId="handover-sign"
                title={t('duty.sign')}
                text={t('duty.handoverText')}
                danger={false}
                onConfirm={async (fields) => {
                  const remark = String(fields.get('remark') ?? '');
                  await call(ask, 'POST /duty/handovers/{id}/sign', { params: { id }, body: { remark } });
                  await reload();
                }}
              >
                <LongField
                  label={t('duty.remark')}
                  {...{ name: 'remark', maxLength: 4_000 }}
                  data-testid="handover-remark"
                />
              </AskFirst>
            ) : null}
          </div>
          <HandoverSheet handover={value} site={sites.get(value.site)} />
        </>
      )}
    </>
  );
}

interface HandoverSheetProps {
  readonly handover: Handover;
  readonly site: Site | undefined;
}

function HandoverSheet({ handover, site }: HandoverSheetProps) {
  const { t, maybe, language } = usePageTexts<typeof dutyEn>();
  const { rotaName, at: madeAt, shift, giver, taker, signedAt, notes, remark, report } = handover;
  const at = (time: string) => absoluteTime(time, site?.timeZone, language);
  const zone = (id: string) => site?.zones.find((one) => one.id === id)?.name[language] ?? id;
  const said = (kind: 'event' | 'severity' | 'state' | 'disposition', name: string) =>
    maybe(`${kind}.${name}`) ?? name;
  return (
    <section className="print-sheet duty-sheet" data-testid="handover-sheet">
      <h3 className="print-title">{t('duty.sheet', { rota: rotaName })}</h3>
      <p>{site?.name[language] ?? handover.site}</p>
      <p>{t('duty.shiftTime', { from: at(shift.from), until: at(shift.until) })}</p>
      <p>{t('duty.givenBy', { who: giver.name, at: at(madeAt) })}</p>
      <p data-testid="handover-taken">
        {signedAt === null
          ? t('duty.notTaken', { who: taker.name })
          : t('duty.takenBy', { who: taker.name, at: at(signedAt) })}
      </p>
      <h4>{t('duty.notes')}</h4>
      <p className="duty-notes">{notes || t('duty.noNotes')}</p>
      {remark !== '' && (
        <>
          <h4>{t('duty.remark')}</h4>
          <p className="duty-notes">{remark}</p>
        </>
      )}
      <h4>{t('duty.open', { count: report.openTotal })}</h4>
      {report.open.length === 0 ? (
        <p>{t('duty.noneOpen')}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{t('duty.severity')}</th>
              <th scope="col">{t('duty.what')}</th>
              <th scope="col">{t('duty.where')}</th>
              <th scope="col">{t('duty.state')}</th>
              <th scope="col">{t('duty.since')}</th>
            </tr>
          </thead>
          <tbody>
            {report.open.map((one) => (
              <tr key={one.alert} data-testid="handover-alert">
                <td>{said('severity', one.severity)}</td>
                <td>{said('event', one.eventType)}</td>
                <td>{zone(one.zone)}</td>
                <td>{said('state', one.state)}</td>
                <td>{at(one.openedAt)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <h4>{t('duty.decided', { count: report.decidedTotal })}</h4>
      {report.decided.length === 0 ? (
        <p>{t('duty.noneDecided')}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{t('duty.at')}</th>
              <th scope="col">{t('duty.what')}</th>
              <th scope="col">{t('duty.where')}</th>
              <th scope="col">{t('duty.step')}</th>
              <th scope="col">{t('duty.who')}</th>
            </tr>
          </thead>
          <tbody>
            {report.decided.map((one) => (
              <tr key={`${one.alert} ${one.to} ${one.at}`} data-testid="handover-step">
                <td>{at(one.at)}</td>
                <td>{said('event', one.eventType)}</td>
                <td>{zone(one.zone)}</td>
                <td>
                  {[said('state', one.to), one.disposition && said('disposition', one.disposition)]
                    .filter(Boolean)
                    .join(' · ')}
                </td>
                <td>{one.by}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
