import type { Session } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { Ask } from '../api/ask.ts';
import { accountPage } from '../pages/account/account-entry.ts';
import type { ManagedPage } from '../routes/place.ts';
import { useTexts } from '../texts/texts.tsx';
import { LineSign, signPaths } from '../ui/signs.tsx';
import { askUntilSignedOut } from './ask-until-signed-out.ts';
import { LoadFailure } from './load-failure.tsx';
import { PageLinks } from './page-links.tsx';
import { offeredPages, sectionsFor } from './sections.ts';

export interface ManagedPagesProps {
  readonly page: ManagedPage;
  readonly ask: Ask;
  readonly session: Session;
  readonly sites: ReadonlyMap<string, Site>;
  /** The names of zones and devices are known, or will not be. */
  readonly named?: boolean;
  readonly onSignedOut: () => void;
}

/** Pages on which no zone and no device is named. */
const nameless: readonly ManagedPage[] = ['account', 'setup'];

/**
 * One's own account and what somebody may manage, where the alerts stand else. The alarm goes on meanwhile.
 */
export function ManagedPages({ page, ask, session, sites, named = true, onSignedOut }: ManagedPagesProps) {
  const { t } = useTexts();
  const asking = useMemo(() => askUntilSignedOut(ask, onSignedOut), [ask, onSignedOut]);
  const offered = useMemo(() => sectionsFor(session), [session]);
  const Shown = page === 'account' ? accountPage : offered.find(({ name }) => name === page)?.page;
  const main = useRef<HTMLElement>(null);
  // A page that was shown stays, with what somebody has begun on it.
  const [wasNamed, setWasNamed] = useState(named);
  if (named && !wasNamed) setWasNamed(true);
  // Whoever uses no mouse is where the new page begins, as after a page of the browser.
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each page
  useEffect(() => main.current?.focus(), [page]);
  return (
    <div className="managed">
      <nav className="managed-nav" aria-label={t('manage.label')}>
        <Link className="button button-quiet" href="/" data-testid="manage-back">
          <LineSign path={signPaths.back} />
          {t('manage.back')}
        </Link>
        {/* Whoever sets a site up for the first time has one way on, and one out. */}
        <PageLinks
          pages={page === 'setup' ? [] : offeredPages(session)}
          current={page}
          testId={(name) => `manage-${name}`}
        />
      </nav>
      <main className="managed-page" ref={main} tabIndex={-1} data-testid="managed-page" data-page={page}>
        <LoadFailure key={page}>
          <Suspense fallback={<p className="muted">{t('app.loading')}</p>}>
            {Shown && !wasNamed && !nameless.includes(page) ? (
              <p className="muted">{t('app.loading')}</p>
            ) : Shown ? (
              <Shown ask={asking} session={session} sites={sites} />
            ) : (
              <p className="notice" data-testid="manage-none">
                {t('manage.none')}
              </p>
            )}
          </Suspense>
        </LoadFailure>
      </main>
    </div>
  );
}
