import type { Alert } from '@watchpost/contracts/alert';
import type { AlertCounts, HeatCell, HeatMap, Language } from '@watchpost/contracts/api';
import type { SitePlan as Plan, Site } from '@watchpost/contracts/site';
import { plansOf } from '@watchpost/contracts/site-plans';
import { heatScale, type MapDevice, RiskMap } from '@watchpost/riskmap';
import { memo, useCallback, useMemo, useRef } from 'react';
import { Button } from 'react-aria-components';
import type { GatewayView } from '../../live/device-states.ts';
import { whatHappened } from '../../texts/alert-texts.ts';
import { useTexts } from '../../texts/texts.tsx';
import { LineSign, signPaths } from '../../ui/signs.tsx';
import { HeatLegend } from './heat-legend.tsx';
import { PlanSwitch } from './plan-switch.tsx';
import { openByPlan, planOfDevices } from './shown-plan.ts';

const noCells: readonly HeatCell[] = [];

export interface SitePlanProps {
  readonly site: Site | null;
  /** The one of its plans that is shown. */
  readonly plan: Plan | null;
  /** Whether the heading names the site. */
  readonly several: boolean;
  readonly heat: HeatMap | null;
  readonly gateways: readonly GatewayView[];
  /** Where something is unresolved, as the server counts it. */
  readonly places: Readonly<AlertCounts['devices']>;
  readonly current: Alert | undefined;
  readonly onSelect: (alert: string) => void;
  /** Another plan is to be shown. */
  readonly onPlan: (plan: string) => void;
  /** Back to the chosen alert; shown on a phone. */
  readonly onBack: () => void;
}

const placeName = (site: Site, plan: Plan, language: Language): string =>
  `${site.name[language]} · ${plan.name?.[language] ?? plan.id}`;

/** The top of the scale: it stays while the map changes a little, so that a colour means the same all day. */
function useHeatTop(cells: readonly HeatCell[]): number {
  const top = useRef(0);
  top.current = heatScale(cells, top.current);
  return top.current;
}

/** Where it is: zones, devices and what is to be expected. Drawn again only when one of them changed. */
export const SitePlan = memo(function SitePlan(props: SitePlanProps) {
  const { site, plan, several, heat, gateways, places, current, onSelect, onPlan, onBack } = props;
  const texts = useTexts();
  const { t, language, number } = texts;
  const placeOf = useMemo(() => new Map(places.map((place) => [place.device as string, place])), [places]);
  // What was loaded for another plan lies elsewhere.
  const cells = heat && heat.plan === plan?.id ? heat.cells : noCells;
  const topPerDay = useHeatTop(cells);
  const statusOf = useMemo(
    () => new Map(gateways.flatMap((gateway) => gateway.devices).map((device) => [device.id, device.status])),
    [gateways],
  );
  const perDay = useCallback((value: number) => number(value, { maximumSignificantDigits: 2 }), [number]);
  const cellText = useCallback(
    (cell: HeatCell) => t('plan.cell', { value: perDay(cell.expectedPerDay) }),
    [t, perDay],
  );
  const plans = useMemo(() => (site ? plansOf(site) : []), [site]);
  const planOf = useMemo(() => (site ? planOfDevices(site) : new Map<string, string>()), [site]);
  const open = useMemo(() => openByPlan(planOf, places), [planOf, places]);
  const shownDevices = useMemo(
    () => (site?.devices ?? []).filter(({ id }) => planOf.get(id) === plan?.id),
    [site, planOf, plan],
  );
  const devices = shownDevices.map((device): MapDevice => {
    const status = statusOf.get(device.id) ?? 'unknown';
    const severity = placeOf.get(device.id)?.waiting ?? undefined;
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
  const latest = useRef({ placeOf, onSelect });
  latest.current = { placeOf, onSelect };
  const selectDevice = useCallback((device: string) => {
    const alert = latest.current.placeOf.get(device)?.alert;
    if (alert) latest.current.onSelect(alert);
  }, []);
  const selectedZone = current?.zone;
  const zones = useMemo(
    () =>
      (site?.zones ?? [])
        .filter((zone) => (zone.plan ?? site?.plan.id) === plan?.id)
        .map((zone) => ({
          id: zone.id,
          name: zone.name[language],
          outline: zone.outline,
          public: zone.public,
          selected: selectedZone === zone.id,
        })),
    [site, plan, language, selectedZone],
  );
  return (
    <section className="pane pane-plan" aria-label={t('plan.title')}>
      {current && (
        <div className="phone-bar">
          <Button className="button button-quiet" onPress={onBack} data-testid="plan-back">
            <LineSign path={signPaths.back} />
            {whatHappened(texts, current.eventType, current.details, current.device)}
          </Button>
        </div>
      )}
      <header className="pane-head">
        <h2>
          {t('plan.title')}
          {several && site && ` · ${site.name[language]}`}
        </h2>
        <p className="muted">{t('plan.note')}</p>
      </header>
      {plan && <PlanSwitch plans={plans} shown={plan} open={open} onChoose={onPlan} />}
      {site && plan ? (
        <RiskMap
          plan={plan}
          zones={zones}
          devices={devices}
          cells={cells}
          topPerDay={topPerDay}
          label={t('plan.label', {
            site: plans.length > 1 ? placeName(site, plan, language) : site.name[language],
          })}
          cellText={cellText}
          scaleText={(metres) => t('plan.metres', { metres: number(metres) })}
          onSelectDevice={selectDevice}
        />
      ) : (
        <p className="empty">{t('plan.loading')}</p>
      )}
      <HeatLegend topPerDay={topPerDay} format={perDay} />
    </section>
  );
});
