import type { Alert } from '@watchpost/contracts/alert';
import type { AlertCounts, AlertDetail, Session } from '@watchpost/contracts/api';
import { Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Ask } from './api/ask.ts';
import type { ConsoleApi } from './api/console-api.ts';
import type { Attention } from './live/alert-order.ts';
import { gatewayViews } from './live/device-states.ts';
import { useRememberLive } from './live/remember-live.ts';
import { countsOf } from './live/site-counts.ts';
import { useAlarm } from './live/use-alarm.ts';
import { useKept } from './live/use-kept.ts';
import { useSeen } from './live/use-seen.ts';
import { useSiteWatch } from './live/use-site-watch.ts';
import { LoadFailure } from './manage/load-failure.tsx';
import { ManagedPages } from './manage/managed-pages.tsx';
import { offeredPages } from './manage/sections.ts';
import { AlertDetailPanel } from './pages/alerts/alert-detail.tsx';
import { AlertList } from './pages/alerts/alert-list.tsx';
import type { Picked } from './pages/alerts/picked.ts';
import { queueTools as QueueTools } from './pages/alerts/queue/queue-entry.ts';
import { isWide, useFocusOnPhone } from './pages/alerts/use-focus-on-phone.ts';
import { DevicePanel } from './pages/devices/device-panel.tsx';
import { RejectPanel } from './pages/devices/reject-panel.tsx';
import { shownPlan } from './pages/plan/shown-plan.ts';
import { SitePlan } from './pages/plan/site-plan.tsx';
import { wallPage as WallPage } from './pages/wall/wall-entry.ts';
import type { View } from './routes/place.ts';
import { wholeQueue } from './routes/queue-filter.ts';
import { useFilter, useIsWall, useManagedPage, usePlace, useSetFilter } from './routes/use-place.ts';
import { useTexts } from './texts/texts.tsx';
import { LiveRegions } from './ui/live-regions.tsx';
import { Notices } from './ui/notices.tsx';
import { TokenNotice } from './ui/token-notice.tsx';
import { TopBar } from './ui/top-bar.tsx';
import { useTitle } from './ui/use-title.ts';
import { ViewTabs } from './ui/view-tabs.tsx';

export interface ConsoleProps {
  readonly api: ConsoleApi;
  readonly ask: Ask;
  readonly streamUrl: string;
  readonly session: Session;
  readonly onSignedOut: () => void;
  readonly onLogOut: () => void;
}

const nobody = { low: 0, medium: 0, high: 0, critical: 0 };
const nowhere: AlertCounts['devices'] = [];

const mayDecide = ({ sites }: Session, asked: string | undefined): boolean =>
  sites.some(({ site, permissions }) => site === asked && permissions.includes('alerts.decide'));

// A button and no link: it is no step of the history.
function skipToAlerts(): void {
  document.getElementById('alerts')?.focus();
}

/** The one screen of the duty officer. */
export function Console({ api, ask, streamUrl, session, onSignedOut, onLogOut }: ConsoleProps) {
  const { t } = useTexts();
  const { watch, view, announcer } = useSiteWatch({ api, streamUrl, session, onSignedOut });
  const { queue, counts: all, sites, connection } = view;
  const ids = session.sites.map(({ site }) => site);
  useRememberLive(connection);
  const counted = all?.waiting ?? nobody;
  const alarm = useMemo(() => ({ waiting: counted, trouble: connection === 'lost' }), [counted, connection]);
  const [sound, toggleSound] = useAlarm(alarm);
  const [{ site: asked, alert: selected, view: tab, plan: askedPlan }, go] = usePlace();
  const managed = useManagedPage();
  const [filter, setFilter] = [useFilter(), useSetFilter()];
  const [picked, setPicked] = useState<Picked | null>(null);
  const [taken, setTaken] = useState<Alert | null>(null);
  const isWall = useIsWall();
  const pages = useMemo(() => offeredPages(session), [session]);
  // With one site there is nothing to choose; one that the person may not see is none.
  const chosen = ids.length > 1 && ids.some((id) => id === asked) ? asked : null;
  // Map and devices are of one site: the chosen one, that of the alert, or the first.
  const near = chosen ?? view.selected?.site ?? ids[0] ?? null;
  const site = (near === null ? undefined : sites.get(near)) ?? null;
  const siteOf = useCallback((id: string) => sites.get(id) ?? null, [sites]);
  useEffect(() => watch.choose(chosen), [watch, chosen]);
  useEffect(() => watch.narrow(filter), [watch, filter]);
  useEffect(() => watch.near(near), [watch, near]);
  const current = view.selected?.site === near ? view.selected : undefined;
  const plan = site && shownPlan(site, askedPlan, current?.zone);
  const turned = plan && plan.id !== site?.plan.id ? plan.id : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another site may have a plan of the same id
  useEffect(() => watch.turn(turned), [watch, near, turned]);
  const counts = useMemo(() => all && countsOf(all, chosen), [all, chosen]);
  const places = useKept(useMemo(() => (all ? countsOf(all, near).devices : nowhere), [all, near]));
  useFocusOnPhone(selected);
  useEffect(() => watch.select(selected), [watch, selected]);
  const gateways = useMemo(() => gatewayViews(site, view.gateways), [site, view.gateways]);
  const waiting = all?.byState.open ?? 0;
  useTitle(connection === 'lost' ? 'lost' : 'live', waiting);

  // On a wide screen an empty detail is wasted: the most urgent alert is opened once, and never exchanged by
  // itself.
  const chosenOnce = useRef(false);
  /** Nobody has looked at what opened by itself. */
  const byItself = useRef<string | null>(null);
  const see = useSeen(ask, watch, session.user);
  const shown = view.selected;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what changes of the same alert, the person may not have looked at
  useEffect(() => {
    if (shown && shown.id !== byItself.current) see(shown);
  }, [shown?.id, see]);
  useEffect(() => {
    const first = queue.waiting.rows[0] ?? queue.in_work.rows[0];
    if (chosenOnce.current || managed !== null || isWall || !view.loaded || !first) return;
    chosenOnce.current = true;
    if (selected !== null || !isWide()) return;
    byItself.current = first.id;
    go({ alert: first.id }, { replace: true });
  }, [queue, view.loaded, selected, managed, isWall, go]);

  const more = useCallback((attention: Attention) => void watch.more(attention), [watch]);
  const accept = useCallback((detail: AlertDetail) => watch.accept(detail), [watch]);
  const reload = useCallback(() => void watch.reload(), [watch]);
  const top = useCallback(() => watch.forget(), [watch]);
  const chooseSite = useCallback(
    (chosenNow: string | null) => go({ site: chosenNow, alert: null, view: 'alerts' }),
    [go],
  );
  const showAlert = useCallback(
    (alert: string) => {
      byItself.current = null;
      const known = watch.known(alert);
      if (known) see(known);
      go({ alert, view: 'alerts' });
    },
    [go, watch, see],
  );
  const showView = useCallback((shown: View) => go({ view: shown, plan: null }), [go]);
  const showAlerts = useCallback(() => go({ view: 'alerts' }), [go]);
  const showPlan = useCallback(() => go({ view: 'plan', plan: null }), [go]);
  const choosePlan = useCallback((chosenNow: string) => go({ view: 'plan', plan: chosenNow }), [go]);
  const leaveDetail = useCallback(() => go({ alert: null }), [go]);
  const { seen, loaded, totals } = view;
  const hasLoaded = useRef(false);
  hasLoaded.current ||= loaded;
  const isThere = hasLoaded.current;
  const decides = session.permissions.includes('alerts.decide');
  // biome-ignore lint/correctness/useExhaustiveDependencies: what fits is counted anew with `totals`
  const tools = useMemo(
    () =>
      isThere && (
        <LoadFailure>
          <Suspense>
            <QueueTools
              {...{ ask, watch, seen, counts, siteOf, chosen, filter, picked, taken }}
              {...{ account: session.account, mayDecide: decides, onFilter: setFilter, onPick: setPicked }}
              sites={session.sites.map(({ site: id }) => id)}
            />
          </Suspense>
        </LoadFailure>
      ),
    [
      ask,
      watch,
      seen,
      counts,
      siteOf,
      chosen,
      filter,
      setFilter,
      picked,
      taken,
      session,
      decides,
      isThere,
      totals,
    ],
  );
  const showAll = useCallback(() => setFilter(wholeQueue), [setFilter]);
  if (isWall)
    return (
      <div className="console">
        <Notices view={view} site={site} sound={sound} onRetry={reload} />
        <LoadFailure>
          <Suspense fallback={<p className="muted">{t('app.loading')}</p>}>
            <WallPage
              {...{ queue, counts: all, connection, site, siteOf }}
              loaded={view.loaded}
              several={ids.length > 1}
            />
          </Suspense>
        </LoadFailure>
        <LiveRegions announcer={announcer} siteOf={siteOf} several={ids.length > 1} />
      </div>
    );
  return (
    <div className="console" data-tab={tab} data-detail={selected !== null || undefined}>
      {managed === null && (
        <button type="button" className="skip" onClick={skipToAlerts}>
          {t('app.skip')}
        </button>
      )}
      <TopBar
        session={session}
        pages={pages}
        site={site}
        switch={ids.length > 1 ? { sites, chosen, counts: all, onChoose: chooseSite } : undefined}
        connection={connection}
        counts={counted}
        sound={sound}
        onSound={toggleSound}
        onLogOut={onLogOut}
      />
      <Notices view={view} site={site} sound={sound} onRetry={reload} />
      <TokenNotice ask={ask} session={session} />
      {managed === null ? (
        <>
          <main className="panes">
            <AlertList
              queue={queue}
              counts={counts}
              totals={totals}
              picked={picked}
              onPick={setPicked}
              onAll={showAll}
              siteOf={siteOf}
              several={ids.length > 1}
              loaded={view.loaded}
              seen={view.seen}
              user={session.user}
              tools={tools}
              selected={selected}
              onSelect={showAlert}
              onMore={more}
              onTop={top}
            />
            <AlertDetailPanel
              api={api}
              ask={ask}
              alert={view.selected}
              selected={selected}
              site={view.selected ? siteOf(view.selected.site) : site}
              several={ids.length > 1}
              mayDecide={mayDecide(session, view.selected?.site)}
              connection={connection}
              onChanged={accept}
              onTaken={setTaken}
              onBack={leaveDetail}
              onShowPlan={showPlan}
            />
            <div className="side">
              <SitePlan
                site={site}
                plan={plan}
                several={ids.length > 1}
                heat={view.heat}
                gateways={gateways}
                places={places}
                current={current}
                onSelect={showAlert}
                onPlan={choosePlan}
                onBack={showAlerts}
              />
              <DevicePanel gateways={gateways} site={site} several={ids.length > 1} />
              {view.rejects && <RejectPanel rejects={view.rejects} site={site} />}
            </div>
          </main>
          <ViewTabs tab={tab} waiting={waiting} onTab={showView} onLeaveDetail={leaveDetail} />
        </>
      ) : (
        <ManagedPages
          {...{ page: managed, ask, session, sites, onSignedOut }}
          named={sites.size > 0 || view.problem !== null || ids.length === 0}
        />
      )}
      <LiveRegions announcer={announcer} siteOf={siteOf} several={ids.length > 1} />
    </div>
  );
}
