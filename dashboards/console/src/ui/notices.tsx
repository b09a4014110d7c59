import type { Site } from '@watchpost/contracts/site';
import { Button } from 'react-aria-components';
import { siteClock } from '../live/site-clock.ts';
import type { SiteView } from '../live/site-view.ts';
import type { SoundSwitch } from '../live/use-alarm.ts';
import { useClock } from '../live/use-clock.ts';
import { consolePolicy } from '../policy.ts';
import { codeText } from '../texts/problem-text.ts';
import { useTexts } from '../texts/texts.tsx';
import { clockTime } from '../texts/time-text.ts';

export interface NoticesProps {
  /** By whose clock times are told. */
  readonly site: Site | null;
  readonly view: SiteView;
  readonly sound: SoundSwitch;
  readonly onRetry: () => void;
}

/** Says aloud what keeps this console from telling somebody. Nothing is shown while all is well. */
export function Notices({ site, view, sound, onRetry }: NoticesProps) {
  return (
    <>
      <ConnectionNotice view={view} site={site} onRetry={onRetry} />
      <SoundNotice sound={sound} />
      <ClockNotice view={view} />
      <InsecureNotice />
    </>
  );
}

function ConnectionNotice({ view, site, onRetry }: Pick<NoticesProps, 'view' | 'site' | 'onRetry'>) {
  const texts = useTexts();
  const { t, language } = texts;
  const { connection, problem, heardMs } = view;
  if (connection !== 'lost' && problem === null) return null;
  let text: string;
  if (connection !== 'lost') text = t('connection.problem', { text: codeText(texts, problem ?? '') });
  else if (heardMs === null) text = t('connection.noData');
  else text = t('connection.lostSince', { time: clockTime(heardMs, site?.timeZone, language) });
  return (
    <div className="banner" role="alert" data-testid="connection-banner">
      <span>{text}</span>
      <Button className="button" onPress={onRetry}>
        {t('connection.retry')}
      </Button>
    </div>
  );
}

/**
 * Browsers keep some of what the console can do from pages that came in the clear from another computer.
 */
function InsecureNotice() {
  const { t } = useTexts();
  if (window.isSecureContext !== false) return null;
  return (
    <div className="banner" role="status" data-testid="insecure-banner">
      <span>{t('connection.insecure')}</span>
    </div>
  );
}

/**
 * A page that cannot sound must not look as if it could. Pressing anything allows it; the button is what to
 * press.
 */
function SoundNotice({ sound }: Pick<NoticesProps, 'sound'>) {
  const { t } = useTexts();
  if (sound !== 'blocked' && sound !== 'broken') return null;
  return (
    <div className="banner" role="alert" data-testid="sound-banner" data-sound={sound}>
      <span>{t(sound === 'blocked' ? 'sound.blockedText' : 'sound.brokenText')}</span>
      {sound === 'blocked' && (
        <Button className="button" data-testid="sound-allow">
          {t('sound.allow')}
        </Button>
      )}
    </div>
  );
}

/**
 * This computer's clock is wrong. Nothing here is reckoned by it, but whoever reads it off beside this page
 * should know.
 */
function ClockNotice({ view }: Pick<NoticesProps, 'view'>) {
  const { t, number } = useTexts();
  useClock(1000);
  const aheadMs = view.connection === 'live' ? siteClock.localAheadMs() : 0;
  if (Math.abs(aheadMs) < consolePolicy.clockToleranceMs) return null;
  const seconds = Math.abs(aheadMs) / 1000;
  const by =
    seconds < 120
      ? number(Math.round(seconds), { style: 'unit', unit: 'second', unitDisplay: 'long' })
      : number(Math.round(seconds / 60), { style: 'unit', unit: 'minute', unitDisplay: 'long' });
  return (
    <div className="banner banner-mild" role="status" data-testid="clock-banner">
      <span>{t(aheadMs > 0 ? 'clock.fast' : 'clock.slow', { by })}</span>
    </div>
  );
}
