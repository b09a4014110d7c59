import type { Alert } from '@watchpost/contracts/alert';
import type { Site } from '@watchpost/contracts/site';
import type { ReactNode } from 'react';
import { useTexts } from '../../texts/texts.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';

/** SenML units (RFC 8428 §12.1) as people write them. */
const unitSigns: Readonly<Record<string, string>> = { Cel: '°C', '%RH': '% RH', '/': '' };

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** When, how often, and the measured value where there is one. */
export function AlertFacts({ alert, site }: { readonly alert: Alert; readonly site: Site | null }) {
  const { t, number } = useTexts();
  const { value, unit, limit, expected, dwellSeconds } = alert.details;
  const measured = (reading: unknown) =>
    typeof reading === 'number'
      ? `${number(reading, { maximumFractionDigits: 1 })} ${unitSigns[String(unit)] ?? unit ?? ''}`.trim()
      : null;
  return (
    <dl className="facts">
      <Fact name={t('detail.last')}>
        <RelativeTime time={alert.lastEventAt} site={site} />
      </Fact>
      <Fact name={t('detail.opened')}>
        <RelativeTime time={alert.openedAt} site={site} />
      </Fact>
      <Fact name={t('detail.events')}>{number(alert.eventCount)}</Fact>
      {/* A contact or a smoke detector measures 0 or 1 without a unit; that says nothing to a person. */}
      {unit !== undefined && measured(value) && <Fact name={t('detail.value')}>{measured(value)}</Fact>}
      {unit !== undefined && measured(limit) && <Fact name={t('detail.limit')}>{measured(limit)}</Fact>}
      {measured(expected) && <Fact name={t('detail.expected')}>{measured(expected)}</Fact>}
      {typeof dwellSeconds === 'number' && (
        <Fact name={t('detail.dwell')}>{number(dwellSeconds, { style: 'unit', unit: 'second' })}</Fact>
      )}
      {alert.disposition && (
        <Fact name={t('detail.disposition')}>{t(`disposition.${alert.disposition}`)}</Fact>
      )}
    </dl>
  );
}
