import type { Alert, HeatCell, HeatMap, Severity, Site } from '@watchpost/contracts';
import { useCallback, useMemo } from 'react';
import type { MapDevice } from '../../../riskmap/device-mark.tsx';
import { RiskMap } from '../../../riskmap/risk-map.tsx';
import { compareUrgency } from '../domain/alert-order.ts';
import type { GatewayView } from '../domain/device-states.ts';
import { useTexts } from '../texts/texts.tsx';
import { HeatLegend } from './heat-legend.tsx';

const noCells: readonly HeatCell[] = [];

export interface SitePlanProps {
  readonly site: Site | null;
  readonly heat: HeatMap | null;
  readonly gateways: readonly GatewayView[];
  readonly alerts: readonly Alert[];
  readonly current: Alert | undefined;
  readonly onSelect: (alert: string) => void;
}

/** The most urgent alert of each device that is not over yet, and the worst severity that nobody has taken. */
function byDevice(alerts: readonly Alert[]) {
  const found = new Map<string, { alert: Alert; waiting: Severity | undefined }>();
  for (const alert of [...alerts].sort(compareUrgency)) {
    if (alert.state === 'resolved' || alert.state === 'closed') continue;
    const known = found.get(alert.device);
    const waiting = known?.waiting ?? (alert.state === 'open' ? alert.severity : undefined);
    found.set(alert.device, { alert: known?.alert ?? alert, waiting });
  }
  return found;
}

export function SitePlan({ site, heat, gateways, alerts, current, onSelect }: SitePlanProps) {
  const { t, language, number } = useTexts();
  const worst = useMemo(() => byDevice(alerts), [alerts]);
  const statusOf = useMemo(
    () => new Map(gateways.flatMap((gateway) => gateway.devices).map((device) => [device.id, device.status])),
    [gateways],
  );
  const perDay = useCallback((value: number) => number(value, { maximumSignificantDigits: 2 }), [number]);
  const cellText = useCallback(
    (cell: HeatCell) => t('plan.cell', { value: perDay(cell.expectedPerDay) }),
    [t, perDay],
  );
  const devices = (site?.devices ?? []).map((device): MapDevice => {
    const status = statusOf.get(device.id) ?? 'unknown';
    const severity = worst.get(device.id)?.waiting;
    const parts = [device.name[language], t(`deviceStatus.${status}`)];
    if (severity) parts.push(t('plan.alertHere', { severity: t(`severity.${severity}`) }));
    return {
      id: device.id,
      kind: device.kind,
      at: device.at,
      status,
      severity,
      selected: current?.device === device.id,
      text: parts.join(', '),
      name: device.name[language],
    };
  });
  const zones = (site?.zones ?? []).map((zone) => ({
    id: zone.id,
    name: zone.name[language],
    outline: zone.outline,
    public: zone.public,
    selected: current?.zone === zone.id,
  }));
  return (
    <section className="pane pane-plan" aria-label={t('plan.title')}>
      <header className="pane-head">
        <h2>{t('plan.title')}</h2>
        <p className="muted">{t('plan.note')}</p>
      </header>
      {site ? (
        <RiskMap
          plan={site.plan}
          zones={zones}
          devices={devices}
          cells={heat?.cells ?? noCells}
          label={t('plan.label', { site: site.name[language] })}
          cellText={cellText}
          scaleText={(metres) => t('plan.metres', { metres: number(metres) })}
          onSelectDevice={(device) => {
            const alert = worst.get(device)?.alert;
            if (alert) onSelect(alert.id);
          }}
        />
      ) : (
        <p className="empty">{t('plan.loading')}</p>
      )}
      <HeatLegend heat={heat} format={perDay} />
    </section>
  );
}
