import type { Alert } from '@watchpost/contracts/alert';
import { useTexts } from '../../texts/texts.tsx';

const amount = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** The numbers of a comparison, for who knows what a cosine is. */
export function FaceNumbers({ alert }: { readonly alert: Alert }) {
  const { t, number } = useTexts();
  const cosine = amount(alert.details.cosine);
  const threshold = amount(alert.details.threshold);
  const liveness = amount(alert.details.liveness);
  const cosineText = (value: number) => number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const share = (value: number) => `${Math.min(100, Math.max(0, value * 100))}%`;
  return (
    <>
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
      {liveness !== undefined && (
        <p>
          {t('face.liveness')}: {t('face.livenessValue', { value: cosineText(liveness) })}
        </p>
      )}
    </>
  );
}
