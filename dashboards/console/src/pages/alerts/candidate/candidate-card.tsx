import type { Alert } from '@watchpost/contracts/alert';
import type { AlertDetail, CandidateCard } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import { type ReactNode, useCallback } from 'react';
import type { Ask } from '../../../api/ask.ts';
import { deviceName, zoneName } from '../../../texts/alert-texts.ts';
import { dateTimeFormat } from '../../../texts/intl-formats.ts';
import { usePageTexts } from '../../../texts/texts.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import { useLoaded } from '../../../ui/use-loaded.ts';
import { FaceNumbers } from '../face-numbers.tsx';
import { AnswerForm } from './answer-form.tsx';
import { EnrolledPhoto } from './enrolled-photo.tsx';
import { expectedText, similarityTexts } from './expected-text.ts';
import type { candidateEn } from './texts-en.ts';

export interface CandidateCardProps {
  readonly ask: Ask;
  readonly alert: Alert;
  readonly site: Site | null;
  readonly onChanged: (detail: AlertDetail) => void;
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A face match as what it is: who it may be, how alike in words, where to look, and the two answers. */
export function CandidateCardPanel({ ask, alert, site, onChanged }: CandidateCardProps) {
  const texts = usePageTexts<typeof candidateEn>();
  const { t } = texts;
  const { id, state, disposition } = alert;
  // Another state or answer is another card; further events are not.
  // biome-ignore lint/correctness/useExhaustiveDependencies: as said
  const load = useCallback(
    () => call(ask, 'GET /alerts/{id}/candidate', { params: { id } }),
    [ask, id, state, disposition],
  );
  const { value: card, problem } = useLoaded(load);
  const camera = deviceName(texts, site, alert.device);
  return (
    <section className="card face candidate" aria-labelledby="candidate-title" data-testid="candidate-card">
      <header>
        <h3 id="candidate-title">{t('face.title')}</h3>
        <p>{t('face.text', { list: t(alert.details.list === 'access' ? 'list.access' : 'list.watch') })}</p>
      </header>
      <h4>{t('candidate.look')}</h4>
      <p data-testid="candidate-look">
        <b>{t('candidate.seen', { camera, zone: zoneName(texts, site, alert.zone) })}</b>
        {' · '}
        <RelativeTime time={alert.lastEventAt} site={site} />
      </p>
      <p className="muted">{t('candidate.lookHelp')}</p>
      <p className="problem" role="alert">
        {problem}
      </p>
      {card === null && problem === '' && <p className="muted">{t('app.loading')}</p>}
      {card && (
        <>
          {card.answer && (
            <p className="candidate-answered" data-testid="candidate-answered">
              {t(`candidate.answer.${card.answer}`)}
            </p>
          )}
          {card.hidden && (
            <p className="muted" data-testid="candidate-hidden">
              {t(`candidate.hidden.${card.hidden}`)}
            </p>
          )}
          {card.entry && <Entry entry={card.entry} />}
          {card.entry && (
            <EnrolledPhoto
              path={`/alerts/${id}/candidate/photos`}
              photos={card.entry.photos}
              may={card.may.seePhotos}
              camera={camera}
            />
          )}
          <h4>{t('candidate.similarity')}</h4>
          <ul className="candidate-words" data-testid="candidate-similarity">
            {similarityTexts(texts, card.similarity).map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
          <h4>{t('candidate.expected')}</h4>
          <Expected expected={card.expected} />
          {card.may.answer.length > 0 && (
            <AnswerForm ask={ask} alert={alert} answers={card.may.answer} onChanged={onChanged} />
          )}
        </>
      )}
      {card?.entry?.record && <ListRecord record={card.entry.record} timeZone={site?.timeZone} />}
      <details className="candidate-more">
        <summary>{t('candidate.numbers')}</summary>
        <FaceNumbers alert={alert} />
      </details>
    </section>
  );
}

type Shown = NonNullable<CandidateCard['entry']>;

function Entry({ entry }: { readonly entry: Shown }) {
  const { t } = usePageTexts<typeof candidateEn>();
  const { label, reason, instruction } = entry;
  return (
    <dl className="candidate-entry" data-testid="candidate-entry">
      <Fact name={t('candidate.entry')}>
        <bdi className="candidate-label">{label}</bdi>
      </Fact>
      {instruction !== '' && (
        <Fact name={t('candidate.instruction')}>
          <bdi className="candidate-text">{instruction}</bdi>
        </Fact>
      )}
      {reason !== '' && (
        <Fact name={t('candidate.reason')}>
          <bdi className="candidate-text">{reason}</bdi>
        </Fact>
      )}
    </dl>
  );
}

interface RecordProps {
  readonly record: NonNullable<Shown['record']>;
  readonly timeZone: string | undefined;
}

/** What the list rests on, for who reads the lists. */
function ListRecord({ record, timeZone }: RecordProps) {
  const { t, language } = usePageTexts<typeof candidateEn>();
  const format = dateTimeFormat(language, { dateStyle: 'long', ...(timeZone ? { timeZone } : {}) });
  return (
    <details className="candidate-more" data-testid="candidate-record">
      <summary>{t('candidate.record')}</summary>
      <dl className="candidate-entry">
        <Fact name={t('candidate.legalBasis')}>
          <bdi>{record.legalBasis}</bdi>
        </Fact>
        <Fact name={t('candidate.authority')}>
          <bdi>{record.authority}</bdi>
        </Fact>
        <Fact name={t('candidate.purpose')}>
          <bdi>{record.purpose}</bdi>
        </Fact>
        <Fact name={t('candidate.expires')}>{format.format(Date.parse(record.expires))}</Fact>
      </dl>
    </details>
  );
}

function Expected({ expected }: Pick<CandidateCard, 'expected'>) {
  const texts = usePageTexts<typeof candidateEn>();
  const { t, number } = texts;
  if (!expected) return <p data-testid="candidate-expected">{t('candidate.expectedUnknown')}</p>;
  const values = { gallery: number(expected.gallery), people: number(Math.round(expected.peoplePerDay)) };
  return (
    <p data-testid="candidate-expected">
      {expectedText(texts, expected)} <span className="muted">{t('candidate.expectedSource', values)}</span>
    </p>
  );
}
