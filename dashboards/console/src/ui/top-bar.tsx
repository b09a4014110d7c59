import type { Severity } from '@watchpost/contracts/alert';
import type { Session } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { memo } from 'react';
import { Button, ToggleButton } from 'react-aria-components';
import type { Connection } from '../api/event-stream.ts';
import type { SoundSwitch } from '../live/use-alarm.ts';
import { useClock } from '../live/use-clock.ts';
import type { ManagedPage } from '../routes/place.ts';
import { useTexts } from '../texts/texts.tsx';
import { clockTime } from '../texts/time-text.ts';
import { LanguageSwitch } from './language-switch.tsx';
import { PersonMenu } from './person-menu.tsx';
import { BrandMark, LineSign, SeveritySign, signPaths } from './signs.tsx';
import { SiteSwitch, type SiteSwitchProps } from './site-switch.tsx';

const worstFirst: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

function SiteClock({ site }: { readonly site: Site | null }) {
  const { language } = useTexts();
  const nowMs = useClock(1000);
  return (
    <span className="clock" title={site?.timeZone}>
      {clockTime(nowMs, site?.timeZone, language)}
    </span>
  );
}

export interface TopBarProps {
  readonly session: Session;
  /** The pages that the person's menu leads to. */
  readonly pages: readonly ManagedPage[];
  readonly site: Site | null;
  /** Missing for who sees one site. */
  readonly switch?: SiteSwitchProps | undefined;
  readonly connection: Connection;
  readonly counts: Readonly<Record<Severity, number>>;
  readonly sound: SoundSwitch;
  readonly onSound: () => void;
  readonly onLogOut: () => void;
}

/** Where am I, is it live, how much is waiting. */
export const TopBar = memo(function TopBar(props: TopBarProps) {
  const { t, language } = useTexts();
  const { counts, switch: siteSwitch, ...rest } = props;
  const { site } = props;
  const title = siteSwitch?.chosen === null ? t('sites.all') : (site?.name[language] ?? t('app.name'));
  return (
    <header className="top-bar">
      <div className="brand">
        <BrandMark />
        <div className="brand-text">
          <h1 className={siteSwitch && 'sr-only'} title={title}>
            {title}
          </h1>
          {siteSwitch && <SiteSwitch {...siteSwitch} />}
          <p>
            {t('app.name')} · {t('app.console')}
          </p>
        </div>
      </div>
      <Summary counts={counts} />
      <TopEnd {...rest} />
    </header>
  );
});

/** How much waits, by severity. */
function Summary({ counts }: Pick<TopBarProps, 'counts'>) {
  const { t, number } = useTexts();
  return (
    <ul className="summary" aria-label={t('summary.label')}>
      {worstFirst.map((severity) => (
        <li key={severity} data-severity={severity} data-none={counts[severity] === 0 || undefined}>
          <SeveritySign severity={severity} />
          <span aria-hidden="true">
            <b>{number(counts[severity])}</b>{' '}
            <span className="summary-name">{t(`severity.${severity}`)}</span>
          </span>
          <span className="sr-only">
            {t('summary.count', { severity: t(`severity.${severity}`), count: counts[severity] })}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The line, the switches and who is logged in; drawn again without every count. */
const TopEnd = memo(function TopEnd(props: Omit<TopBarProps, 'counts' | 'switch'>) {
  const { session, pages, site, connection, sound, onSound, onLogOut } = props;
  const { t } = useTexts();
  return (
    <div className="top-end">
      <SiteClock site={site} />
      <span className="connection" data-testid="connection" data-connection={connection} role="status">
        <i aria-hidden="true" />
        <b>{t(`connection.${connection}`)}</b>
      </span>
      <ToggleButton
        className="button button-quiet sound-switch"
        data-testid="sound-switch"
        data-sound={sound}
        aria-label={t(`sound.${sound}`)}
        isSelected={sound !== 'off'}
        onChange={onSound}
      >
        <LineSign
          path={sound === 'ready' || sound === 'elsewhere' ? signPaths.soundOn : signPaths.soundOff}
        />
      </ToggleButton>
      <LanguageSwitch />
      {session.permissions.includes('flows.use') && (
        <a
          className="button button-quiet flows"
          href="/flows/"
          aria-label={t('session.flows')}
          title={t('session.flows')}
        >
          <LineSign path={signPaths.flows} />
        </a>
      )}
      <PersonMenu session={session} pages={pages} />
      <Button
        className="button button-quiet"
        data-testid="log-out"
        aria-label={t('session.logOut')}
        onPress={onLogOut}
      >
        <LineSign path={signPaths.leave} />
      </Button>
    </div>
  );
});
