import type { Alert } from '@watchpost/contracts/alert';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import { useCallback } from 'react';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { OfferForm } from './offer-form.tsx';
import { OfferItem } from './offer-item.tsx';
import type { responseEn } from './texts-en.ts';
import { TimelinePart } from './timeline-part.tsx';
import { usePolled } from './use-polled.ts';

export interface ResponseCardProps {
  readonly ask: Ask;
  readonly alert: Alert;
  readonly site: Site | null;
}

async function loadResponse(ask: Ask, alert: string, site: string) {
  const { departments } = await call(ask, 'GET /response/departments', { query: { site } });
  if (departments.length === 0) return { departments, offers: [] };
  const { offers } = await call(ask, 'GET /response/subjects/{id}', { params: { id: alert } });
  return { departments, offers };
}

/** Who answers to an alert: departments that were offered it, and whom else it may be offered to. */
export function ResponseCardPanel({ ask, alert, site }: ResponseCardProps) {
  const { t } = usePageTexts<typeof responseEn>();
  const load = useCallback(() => loadResponse(ask, alert.id, alert.site), [ask, alert.id, alert.site]);
  const { value, problem, reload } = usePolled(load);
  // Where there are no departments nobody is asked about them.
  if (!value) return problem === '' ? null : <p className="problem">{problem}</p>;
  const { departments, offers } = value;
  if (departments.length === 0) return null;
  const open = new Set(
    offers.filter(({ endedAt }) => endedAt === null).map(({ department }) => department.id),
  );
  const others = departments.filter(({ id }) => !open.has(id));
  return (
    <section className="card" aria-labelledby="response-title" data-testid="response-card">
      <h3 id="response-title">{t('response.card')}</h3>
      <p className="problem" role="alert">
        {problem}
      </p>
      {offers.length === 0 && <p data-testid="offers-none">{t('response.notOffered')}</p>}
      <ul className="response-list">
        {offers.map((offer) => (
          <OfferItem key={offer.id} {...{ ask, offer, site, mayOffer: true }} onChanged={reload} />
        ))}
      </ul>
      {others.length > 0 && <OfferForm ask={ask} subject={alert.id} departments={others} onDone={reload} />}
      <TimelinePart ask={ask} subject={alert.id} site={site} />
    </section>
  );
}
