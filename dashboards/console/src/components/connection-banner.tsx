import { Button } from 'react-aria-components';
import { clockTime } from '../domain/time-text.ts';
import type { SiteView } from '../live/site-watch.ts';
import { useTexts } from '../texts/texts.tsx';
import { codeText } from './problem-text.ts';

export interface ConnectionBannerProps {
  readonly view: SiteView;
  readonly onRetry: () => void;
}

/** Says aloud that what is seen may be old. Nothing is shown while all is well. */
export function ConnectionBanner({ view, onRetry }: ConnectionBannerProps) {
  const texts = useTexts();
  const { t, language } = texts;
  const { connection, problem, freshMs, site } = view;
  if (connection !== 'lost' && problem === null) return null;
  let text: string;
  if (connection !== 'lost') text = t('connection.problem', { text: codeText(texts, problem ?? '') });
  else if (freshMs === null) text = t('connection.noData');
  else text = t('connection.lostSince', { time: clockTime(freshMs, site?.timeZone, language) });
  return (
    <div className="banner" role="alert" data-testid="connection-banner">
      <span>{text}</span>
      <Button className="button" onPress={onRetry}>
        {t('connection.retry')}
      </Button>
    </div>
  );
}
