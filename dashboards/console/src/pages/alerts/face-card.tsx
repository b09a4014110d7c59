import type { Alert } from '@watchpost/contracts/alert';
import { confidenceText } from '../../texts/alert-texts.ts';
import { useTexts } from '../../texts/texts.tsx';

const amount = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** A face match as what it is: how alike, against which threshold, and how often that goes wrong. */
export function FaceCard({ alert }: { readonly alert: Alert }) {
  const texts = useTexts();
  const { t, number } = texts;
  if (alert.eventType !== 'watchpost.face.candidate.v1') return null;
  const cosine = amount(alert.details.cosine);
  const threshold = amount(alert.details.threshold);
  const falseMatchRate = amount(alert.details.falseMatchRate);
  const liveness = amount(alert.details.liveness);
  const confidence = amount(alert.details.confidence);
  const cosineText = (value: number) => number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const share = (value: number) => `${Math.min(100, Math.max(0, value * 100))}%`;
  return (
    <section className="card face" data-testid="face-card">
      <header>
        <h3>{t('face.title')}</h3>
        <p>{t('face.text', { list: t(alert.details.list === 'access' ? 'list.access' : 'list.watch') })}</p>
      </header>
      {cosine !== undefined && threshold !== undefined && (
        <div className="similarity">
          <p>
            <span>{t('face.similarity')}</span> <b>{cosineText(cosine)}</b>
          </p>
          <span className="similarity-bar" aria-hidden="true">
            <i style={{ width: share(cosine) }} />
            <s style={{ left: share(threshold) }} />
          </span>
          <p className="similarity-threshold" style={{ paddingInlineStart: share(threshold) }}>
            {t('face.threshold', { value: cosineText(threshold) })}
          </p>
        </div>
      )}
      <dl className="facts">
        {confidence !== undefined && (
          <div>
            <dt>{t('face.confidence')}</dt>
            <dd>{t('face.confidenceValue', { percent: confidenceText(texts, confidence) })}</dd>
          </div>
        )}
        {falseMatchRate !== undefined && falseMatchRate > 0 && (
          <div>
            <dt>{t('face.fmr')}</dt>
            <dd>{t('face.fmrValue', { count: number(Math.round(1 / falseMatchRate)) })}</dd>
          </div>
        )}
        {liveness !== undefined && (
          <div>
            <dt>{t('face.liveness')}</dt>
            <dd>{t('face.livenessValue', { value: cosineText(liveness) })}</dd>
          </div>
        )}
        <div>
          <dt>{t('face.entry')}</dt>
          <dd className="mono">{String(alert.details.entry ?? '–')}</dd>
        </div>
      </dl>
    </section>
  );
}
