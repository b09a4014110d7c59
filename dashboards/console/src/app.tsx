import type { Session } from '@watchpost/contracts/api';
import { useCallback, useEffect, useState } from 'react';
import type { ConsoleApi } from './api/console-api.ts';
import { Console } from './console.tsx';
import { recall, remember, whenRemembered } from './live/remembered.ts';
import { LoginPage } from './pages/login/login-page.tsx';

export interface AppProps {
  readonly api: ConsoleApi;
  readonly streamUrl: string;
}

type Visit =
  | { readonly kind: 'asking' }
  | { readonly kind: 'out'; readonly ended: boolean }
  | { readonly kind: 'in'; readonly session: Session };

/** Log-in page or console, as the session says. */
export function App({ api, streamUrl }: AppProps) {
  const [visit, setVisit] = useState<Visit>({ kind: 'asking' });
  useEffect(() => {
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
  const logOut = useCallback(() => {
    remember('shift', 'off');
    // Whatever the server says, this browser shows nothing more.
    void api.logOut().catch(() => undefined);
    setVisit({ kind: 'out', ended: false });
  }, [api]);

  if (visit.kind === 'asking') return <div className="boot" aria-busy="true" />;
  if (visit.kind === 'out') {
    return (
      <LoginPage api={api} ended={visit.ended} onSession={(session) => setVisit({ kind: 'in', session })} />
    );
  }
  return (
    <Console
      api={api}
      streamUrl={streamUrl}
      session={visit.session}
      onSignedOut={signedOut}
      onLogOut={logOut}
    />
  );
}
