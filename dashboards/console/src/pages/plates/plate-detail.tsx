import type { Plate } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import { useCallback } from 'react';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { absoluteTime } from '../../texts/time-text.ts';
import { AskFirst } from '../../ui/ask-first.tsx';
import { LongField } from '../../ui/field.tsx';
import { QrPicture } from '../../ui/qr/qr-picture.tsx';
import { useLoaded } from '../../ui/use-loaded.ts';
import type { platesEn } from './texts-en.ts';

export interface PlateDetailProps {
  readonly ask: Ask;
  readonly id: string;
  readonly site: Site | undefined;
  /** Whether the person may retire it. */
  readonly mayIssue: boolean;
  readonly onBack: () => void;
}

/** One plate as it is printed, where it was read, and its end. */
export function PlateDetail({ ask, id, site, mayIssue, onBack }: PlateDetailProps) {
  const { t, language } = usePageTexts<typeof platesEn>();
  const {
    value: plate,
    problem,
    reload,
  } = useLoaded(useCallback(() => call(ask, 'GET /plates/{id}', { params: { id } }), [ask, id]));
  const at = (time: string) => absoluteTime(time, site?.timeZone, language);
  const retire = async (fields: FormData) => {
    await call(ask, 'POST /plates/{id}/retire', {
      params: { id },
      body: { reason: String(fields.get('reason') ?? '') },
    });
    await reload();
  };
  return (
    <>
      <button type="button" className="button button-quiet" onClick={onBack} data-testid="plate-back">
        {t('plates.back')}
      </button>
      <p className="problem" role="alert" data-testid="plate-problem">
        {problem}
      </p>
      {plate && (
        <>
          <PlateFacts plate={plate} site={site} at={at} />
          {plate.state === 'good' ? (
            <>
              <div className="steps-row">
                <button
                  type="button"
                  className="button button-primary"
                  onClick={() => window.print()}
                  data-testid="plate-print"
                >
                  {t('plates.print')}
                </button>
                {mayIssue && (
                  <AskFirst
                    button={t('plates.retire')}
                    testId="plate-retire"
                    title={t('plates.retire')}
                    text={t('plates.retireText')}
                    onConfirm={retire}
                  >
                    <LongField
                      label={t('plates.why')}
                      {...{ name: 'reason', required: true, minLength: 3, maxLength: 1_000 }}
                      data-testid="plate-retire-reason"
                    />
                  </AskFirst>
                )}
              </div>
              <section className="print-sheet" aria-label={t('plates.one')} data-testid="plate-sheet">
                <QrPicture text={plate.text} label={t('plates.codeLabel', { name: plate.name })} />
                <p className="print-title">{plate.name}</p>
                <p>{plate.address}</p>
              </section>
            </>
          ) : null}
          <PlateScans scans={plate.scansSeen} at={at} />
        </>
      )}
    </>
  );
}

interface PlateFactsProps {
  readonly plate: Plate;
  readonly site: Site | undefined;
  readonly at: (time: string) => string;
}

function PlateFacts({ plate, site, at }: PlateFactsProps) {
  const { t, language } = usePageTexts<typeof platesEn>();
  const { name, address, retired, scans } = plate;
  const zone = site?.zones.find(({ id }) => id === plate.zone)?.name[language] ?? plate.zone;
  const facts = [
    [t('plates.state'), t(`plates.state.${plate.state}`)],
    [t('plates.address'), address],
    [t('plates.zone'), zone],
    [t('plates.issued'), t('plates.issuedBy', { at: at(plate.issuedAt), who: plate.issuedBy })],
    [t('plates.scans'), scans.count],
    [t('plates.says'), plate.text],
  ] as const;
  const isReadSince = retired !== null && scans.newest !== null && scans.newest > retired.at;
  return (
    <section className="managed-part" aria-labelledby="plate-title">
      <h3 id="plate-title">{name}</h3>
      <dl className="facts" data-testid="plate-facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {retired && (
        <p data-testid="plate-retired">
          {t('plates.retiredBy', { who: retired.by, at: at(retired.at), reason: retired.reason })}
        </p>
      )}
      {isReadSince && (
        <p className="notice" data-testid="plate-still-hangs">
          {t('plates.stillHangs')}
        </p>
      )}
    </section>
  );
}

function PlateScans({
  scans,
  at,
}: {
  readonly scans: Plate['scansSeen'];
  readonly at: PlateFactsProps['at'];
}) {
  const { t } = usePageTexts<typeof platesEn>();
  return (
    <section className="managed-part" aria-label={t('plates.scans')}>
      <h3>{t('plates.scans')}</h3>
      {scans.length === 0 ? (
        <p data-testid="plate-unread">{t('plates.noScans')}</p>
      ) : (
        <table className="cards-table">
          <thead>
            <tr>
              <th scope="col">{t('plates.at')}</th>
              <th scope="col">{t('plates.device')}</th>
            </tr>
          </thead>
          <tbody>
            {scans.map((scan) => (
              <tr key={`${scan.device} ${scan.at}`} data-testid="plate-scan">
                <th scope="row" className="when">
                  {at(scan.at)}
                </th>
                <td data-label={t('plates.device')}>{scan.device}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
