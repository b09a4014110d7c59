import type { ResponseSubject } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { whatHappened, whereText } from '../../texts/alert-texts.ts';
import { useTexts } from '../../texts/texts.tsx';
import { SeveritySign } from '../signs.tsx';

export interface SubjectTextProps {
  readonly subject: ResponseSubject;
  readonly site: Site | null;
}

/** What an incident is, in one heading: what happened, how bad, where. */
export function SubjectText({ subject, site }: SubjectTextProps) {
  const texts = useTexts();
  const { eventType, kind, device, severity } = subject;
  const details = kind === null ? {} : { kind };
  return (
    <h4>
      <span className="severity-tag" data-severity={severity}>
        <SeveritySign severity={severity} />
        {texts.t(`severity.${severity}`)}
      </span>{' '}
      {whatHappened(texts, eventType, details, device)} · {whereText(texts, site, subject)}
    </h4>
  );
}
