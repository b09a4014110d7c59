import type { Session } from '@watchpost/contracts/api';
import { Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { navigate } from 'wouter/use-browser-location';
import type { Ask } from './api/ask.ts';
import type { ConsoleApi } from './api/console-api.ts';
import { Console } from './console.tsx';
import { recall, remember, whenRemembered } from './live/remembered.ts';
import { factorNeededPage as FactorNeeded } from './pages/account/account-entry.ts';
import { LoginPage } from './pages/login/login-page.tsx';
import { linkedPassPage as LinkedPass } from './pages/passes/passes-entry.ts';
import { startsSetup } from './pages/setup/starts-setup.ts';
import { WelcomePage } from './pages/welcome/welcome-page.tsx';
import { leaveLink, linkTokenOf, passTokenOf } from './routes/one-time-link.ts';
import { managedAddress } from './routes/place.ts';
import { chooseLanguage } from './texts/i18n.ts';

export interface AppProps {
  readonly api: ConsoleApi;
  /** What pages that are loaded later ask for themselves. */
  readonly ask: Ask;
  readonly streamUrl: string;
}

type Visit =
  | { readonly kind: 'asking' }
  /** Somebody followed a one-time link. */
  | { readonly kind: 'welcome'; readonly token: string }
  /** A visitor looks at a pass, and has no account. */
  | { readonly kind: 'pass'; readonly token: string }
  | { readonly kind: 'out'; readonly ended: boolean }
  | { readonly kind: 'in'; readonly session: Session };

function firstVisit(): Visit {
  const pass = passTokenOf(window.location);
  if (pass !== null) return { kind: 'pass', token: pass };
  const token = linkTokenOf(window.location);
  return token === null ? { kind: 'asking' } : { kind: 'welcome', token };
}

/** Log-in page or console, as the session says; a one-time link comes before both. */
export function App({ api, ask, streamUrl }: AppProps) {
  const [visit, setVisit] = useState<Visit>(firstVisit);
  /** Somebody has come by a one-time link, and a second factor is demanded first. */
  const isNew = useRef(false);
  useEffect(() => {
    if (firstVisit().kind !== 'asking') return;
    api.session().then(
      (session) => setVisit({ kind: 'in', session }),
      // A page that is loaded anew after its session ended is as deaf as one that stood open.
      () => setVisit({ kind: 'out', ended: recall('shift') === 'on' }),
    );
  }, [api]);
  useEffect(() => {
    if (visit.kind === 'in') remember('shift', 'on');
  }, [visit.kind]);
  // Another tab logged in or out.
  useEffect(
    () =>
      whenRemembered('shift', (shift) => {
        if (shift === 'off') setVisit({ kind: 'out', ended: false });
      }),
    [],
  );
  const signedOut = useCallback(() => setVisit({ kind: 'out', ended: recall('shift') === 'on' }), []);
  const enter = useCallback((session: Session) => {
    // The switch in the bar changes it for this browser from then on.
    if (session.language !== null) void chooseLanguage(session.language);
    setVisit({ kind: 'in', session });
  }, []);
  /** Who has just made an account, and has an empty site to look after, is shown how to begin. */
  const leadOn = async (session: Session) => {
    isNew.current = session.factorNeeded === true;
    if (await startsSetup(ask, session)) navigate(managedAddress('setup'), { replace: true });
  };
  const logOut = useCallback(() => {
    remember('shift', 'off');
    // Whatever the server says, this browser shows nothing more.
    void api.logOut().catch(() => undefined);
    setVisit({ kind: 'out', ended: false });
  }, [api]);

  if (visit.kind === 'asking') return <div className="boot" aria-busy="true" />;
  if (visit.kind === 'pass') {
    return (
      <Suspense fallback={<div className="boot" aria-busy="true" />}>
        <LinkedPass ask={ask} token={visit.token} />
      </Suspense>
    );
  }
  if (visit.kind === 'welcome') {
    const entered = (session: Session) => {
      leaveLink();
      void leadOn(session).then(() => enter(session));
    };
    return <WelcomePage api={api} token={visit.token} onSession={entered} />;
  }
  if (visit.kind === 'out') {
    return <LoginPage api={api} ended={visit.ended} onSession={enter} />;
  }
  if (visit.session.factorNeeded) {
    const again = () =>
      void api.session().then(async (session) => {
        if (isNew.current) await leadOn(session);
        setVisit({ kind: 'in', session });
      }, signedOut);
    return (
      <Suspense fallback={<div className="boot" aria-busy="true" />}>
        <FactorNeeded ask={ask} onDone={again} onLogOut={logOut} />
      </Suspense>
    );
  }
  return (
    <Console
      api={api}
      ask={ask}
      streamUrl={streamUrl}
      session={visit.session}
      onSignedOut={signedOut}
      onLogOut={logOut}
    />
  );
}
