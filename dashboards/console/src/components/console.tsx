import type { Session } from '@watchpost/contracts';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ConsoleApi } from '../api/console-api.ts';
import { alertsOf } from '../domain/alert-book.ts';
import { countWaiting, groupAlerts } from '../domain/alert-order.ts';
import { gatewayViews } from '../domain/device-states.ts';
import { isWide, useFocusOnPhone } from '../live/use-focus-on-phone.ts';
import { useSelection } from '../live/use-selection.ts';
import { useSiteWatch } from '../live/use-site-watch.ts';
import { useSound } from '../live/use-sound.ts';
import { useTexts } from '../texts/texts.tsx';
import { AlertDetailPanel } from './alert-detail.tsx';
import { AlertList } from './alert-list.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { DevicePanel } from './device-panel.tsx';
import { LiveRegions } from './live-regions.tsx';
import { RejectPanel } from './reject-panel.tsx';
import { SitePlan } from './site-plan.tsx';
import { TopBar } from './top-bar.tsx';
import { type ViewName, ViewTabs } from './view-tabs.tsx';

export interface ConsoleProps {
  readonly api: ConsoleApi;
  readonly streamUrl: string;
  readonly session: Session;
  readonly onSignedOut: () => void;
  readonly onLogOut: () => void;
}

// A button and no link: what follows # in the address is the selected alert.
function skipToAlerts(): void {
  document.getElementById('alerts')?.focus();
}

/** The one screen of the duty officer. */
export function Console({ api, streamUrl, session, onSignedOut, onLogOut }: ConsoleProps) {
  const { t } = useTexts();
  const { watch, view, announcement } = useSiteWatch({ api, streamUrl, session, onSignedOut });
  const [sound, toggleSound] = useSound(announcement);
  const [selected, select] = useSelection();
  useFocusOnPhone(selected);
  const [tab, setTab] = useState<ViewName>('alerts');
  const { book, site } = view;
  const alerts = useMemo(() => alertsOf(book), [book]);
  const groups = useMemo(() => groupAlerts(alerts), [alerts]);
  const gateways = useMemo(() => gatewayViews(site, view.gateways), [site, view.gateways]);
  const waiting = groups.waiting.length;
  const current = selected === null ? undefined : book.entries.get(selected)?.alert;

  useEffect(() => {
    document.title = `${waiting > 0 ? `(${waiting}) ` : ''}${t('app.name')}`;
  }, [waiting, t]);

  // On a wide screen an empty detail is wasted: the most urgent alert is opened once, and never exchanged by itself.
  const chosenOnce = useRef(false);
  useEffect(() => {
    const first = groups.waiting[0] ?? groups.in_work[0];
    if (chosenOnce.current || !view.loaded || !first) return;
    chosenOnce.current = true;
    if (selected === null && isWide()) select(first.id);
  }, [groups, view.loaded, selected, select]);

  return (
    <div className="console" data-tab={tab} data-detail={selected !== null || undefined}>
      <button type="button" className="skip" onClick={skipToAlerts}>
        {t('app.skip')}
      </button>
      <TopBar
        session={session}
        site={site}
        connection={view.connection}
        counts={countWaiting(alerts)}
        sound={sound}
        onSound={toggleSound}
        onLogOut={onLogOut}
      />
      <ConnectionBanner view={view} onRetry={() => void watch.reload()} />
      <main className="panes">
        <AlertList groups={groups} site={site} loaded={view.loaded} selected={selected} onSelect={select} />
        <AlertDetailPanel
          api={api}
          alert={current}
          selected={selected}
          site={site}
          mayDecide={session.permissions.includes('alerts.decide')}
          onChanged={(detail) => watch.accept(detail)}
          onBack={() => select(null)}
        />
        <div className="side">
          <SitePlan
            site={site}
            heat={view.heat}
            gateways={gateways}
            alerts={alerts}
            current={current}
            onSelect={select}
          />
          <DevicePanel gateways={gateways} site={site} />
          {view.rejects && <RejectPanel rejects={view.rejects} site={site} />}
        </div>
      </main>
      <ViewTabs tab={tab} waiting={waiting} onTab={setTab} onLeaveDetail={() => select(null)} />
      <LiveRegions announcement={announcement} site={site} />
    </div>
  );
}
