import type { TimelineEntry } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import { useCallback, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { absoluteTime } from '../../texts/time-text.ts';
import { useLoaded } from '../use-loaded.ts';
import type { responseEn } from './texts-en.ts';

export interface TimelinePartProps {
  readonly ask: Ask;
  /** An alert. */
  readonly subject: string;
  readonly site: Site | null;
}

/** Who knew what when; loaded when somebody wants to see it. */
export function TimelinePart(props: TimelinePartProps) {
  const { t } = usePageTexts<typeof responseEn>();
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      className="duty-form"
      open={isOpen}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
      data-testid="timeline"
    >
      <summary data-testid="timeline-open">{t('response.timeline')}</summary>
      {isOpen && <TimelineLines {...props} />}
    </details>
  );
}

function TimelineLines({ ask, subject, site }: TimelinePartProps) {
  const { t, maybe, language } = usePageTexts<typeof responseEn>();
  const { value, problem } = useLoaded(
    useCallback(
      () => call(ask, 'GET /response/subjects/{id}/timeline', { params: { id: subject } }),
      [ask, subject],
    ),
  );
  const said = ({ kind, what }: TimelineEntry): string => {
    if (kind === 'task') return t('response.line.task', { state: maybe(`response.state.${what}`) ?? what });
    return maybe(`response.line.${kind === 'alert' ? what : kind}`) ?? what;
  };
  const file = (format: 'csv' | 'json') =>
    `/api/v1/response/subjects/${subject}/timeline/export?format=${format}`;
  return (
    <>
      <p className="problem" role="alert">
        {problem}
      </p>
      <ol className="response-lines">
        {value?.entries.map((entry, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a record have no other name
          <li key={index} data-testid="timeline-line">
            <time dateTime={entry.at}>{absoluteTime(entry.at, site?.timeZone, language)}</time>{' '}
            {[said(entry), entry.department, entry.whom, entry.by, entry.text].filter(Boolean).join(' · ')}
          </li>
        ))}
      </ol>
      {value?.cut && <p className="notice">{t('response.cut')}</p>}
      {value?.complete && (
        <div className="steps-row">
          {(['csv', 'json'] as const).map((format) => (
            <a
              key={format}
              className="button button-quiet"
              href={file(format)}
              download
              data-testid={`timeline-${format}`}
            >
              {t(`response.${format}`)}
            </a>
          ))}
        </div>
      )}
    </>
  );
}
