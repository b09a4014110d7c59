import type { Alert, RiskFactor } from '@watchpost/contracts/alert';
import type { Site } from '@watchpost/contracts/site';
import type { Texts } from './texts.tsx';
import { clockTime } from './time-text.ts';

type Values = Alert['details'];

const textOf = (values: Values, name: string): string => String(values[name] ?? '');

/** What a row carries in `data-kind`: the part of the details that the title depends on. */
export function alertKind(alert: Pick<Alert, 'details'>): string {
  const { details } = alert;
  return String(details.kind ?? details.list ?? details.reason ?? details.category ?? '');
}

/** Where alerts stand that are about the server itself: it is the name of no gateway and no device. */
const serverId = 'alerting';
const isOfServer = ({ device }: { readonly device: string }): boolean => device === serverId;

/** Whether the server has a fault, and no gateway. */
export const isServerFault = (alert: Pick<Alert, 'device' | 'eventType'>): boolean =>
  isOfServer(alert) && alert.eventType === 'watchpost.gateway.fault.v1';

/**
 * What happened, in plain words. An unknown detail falls back to the text of the type. The server tells what
 * is wrong with itself in the way of a gateway: `device` says who did.
 */
export function whatHappened(texts: Texts, type: string, details: Values, device = ''): string {
  const kind = textOf(details, 'kind');
  const reason = textOf(details, 'reason');
  const general = texts.maybe(`event.${type}`) ?? type;
  const joined = (part: string | undefined) => (part ? `${general} – ${part}` : general);
  switch (type.replace(/^watchpost\.|\.v\d+$/g, '')) {
    case 'face.candidate':
      return texts.maybe(`candidate.${textOf(details, 'list')}`) ?? general;
    case 'face.abstain':
      return joined(texts.maybe(`abstain.${reason}`));
    case 'pass.rejected':
      return texts.maybe(`pass.${reason}`) ?? general;
    case 'tamper.cover':
    case 'tamper.video_loss':
      return texts.maybe(`tamper.${reason}`) ?? general;
    case 'sensor.alarm':
      return texts.maybe(`alarm.${kind}`) ?? general;
    case 'sensor.cleared':
      return joined(texts.maybe(`sensor.${kind}`));
    case 'sensor.anomaly':
      return joined(
        [texts.maybe(`sensor.${kind}`), texts.maybe(`anomaly.${reason}`)].filter(Boolean).join(', '),
      );
    case 'line.crossed':
      return joined(textOf(details, 'line'));
    case 'gateway.fault':
      if (isOfServer({ device })) return texts.maybe(`error.${textOf(details, 'error')}`) ?? general;
      return joined(texts.maybe(`error.${textOf(details, 'error')}`));
    case 'settings.broken':
      if (!details.file) return general;
      return joined(
        [
          `${textOf(details, 'file')}:${textOf(details, 'line')}`,
          texts.maybe(`error.${textOf(details, 'error')}`),
          texts.maybe(`settings.${textOf(details, 'reason')}`),
        ]
          .filter(Boolean)
          .join(' · '),
      );
    case 'warning.received':
      return [texts.maybe(`warning.${textOf(details, 'severity')}`) ?? general, textOf(details, 'text')]
        .filter(Boolean)
        .join(' · ');
    case 'report.received':
      return texts.maybe(`report.${textOf(details, 'category')}`) ?? general;
    default:
      return general;
  }
}

export function zoneName(texts: Texts, site: Site | null, id: string): string {
  return site?.zones.find((zone) => zone.id === id)?.name[texts.language] ?? id;
}

export function deviceName(texts: Texts, site: Site | null, id: string): string {
  if (id === serverId) return texts.t('server.name');
  return site?.devices.find((device) => device.id === id)?.name[texts.language] ?? id;
}

/**
 * Zone and device, as in "Lobby · East camera"; the device alone where its name begins with that of the zone,
 * and the server, which stands in none.
 */
export function whereText(texts: Texts, site: Site | null, alert: Pick<Alert, 'zone' | 'device'>): string {
  const zone = zoneName(texts, site, alert.zone);
  const device = deviceName(texts, site, alert.device);
  if (isOfServer(alert)) return device;
  return device.toLowerCase().startsWith(zone.toLowerCase()) ? device : `${zone} · ${device}`;
}

/** {@link whereText}, after the name of the site where the person sees several. */
export function whereOnSite(
  texts: Texts,
  site: Site | null,
  alert: Pick<Alert, 'site' | 'zone' | 'device'>,
  several: boolean,
): string {
  const where = whereText(texts, site, alert);
  return several ? `${site?.name[texts.language] ?? alert.site} · ${where}` : where;
}

/** "+12.5" or "−3", with a true minus sign. */
export function signedPoints(texts: Texts, points: number): string {
  return texts.number(points, { signDisplay: 'exceptZero', maximumFractionDigits: 1 }).replace('-', '−');
}

function valueText(texts: Texts, value: string | number | boolean): string {
  if (typeof value === 'boolean') return texts.t(value ? 'because.yes' : 'because.no');
  if (typeof value === 'number') return texts.number(value, { maximumSignificantDigits: 3 });
  return /^\d{4}-\d\d-\d\dT/.test(value) ? clockTime(Date.parse(value), undefined, texts.language) : value;
}

const surestShown = 0.999;

/**
 * A calibrated confidence in words. Never "100 %": no match is certain, and rounding must not say that one
 * is.
 */
export function confidenceText({ t, percent }: Texts, confidence: number): string {
  if (confidence <= surestShown) return percent(confidence);
  return t('face.moreThan', { percent: percent(surestShown) });
}

/** Whatever a factor rests on, as a list; for names that have no sentence. */
function plainList(texts: Texts, because: Values): string {
  return Object.entries(because)
    .map(([name, value]) =>
      texts.t('because.list', {
        name: texts.maybe(`because.name.${name}`) ?? name.replaceAll('_', ' '),
        value: valueText(texts, value),
      }),
    )
    .join(' · ');
}

const numberOf = (values: Values, name: string): number | undefined =>
  typeof values[name] === 'number' ? values[name] : undefined;

/**
 * What a factor's points rest on, as a sentence; a list of the plain values where there is no sentence for
 * them.
 */
export function becauseText(texts: Texts, site: Site | null, zone: string, factor: RiskFactor): string {
  return sentence(texts, zoneName(texts, site, zone), factor) ?? plainList(texts, factor.because);
}

function sentence(texts: Texts, zone: string, { name, because }: RiskFactor): string | undefined {
  const { t, percent } = texts;
  const type = textOf(because, 'type');
  const share = numberOf(because, shareOf[name] ?? '');
  switch (name) {
    case 'severity_of_type':
      return texts.maybe(`event.${type}`) && whatHappened(texts, type, because);
    case 'zone_criticality':
      return share === undefined ? undefined : t('because.zone', { zone, percent: percent(share) });
    case 'armed_schedule':
      if (typeof because.armed !== 'boolean') return undefined;
      return t(because.armed ? 'because.armed' : 'because.notArmed');
    case 'corroboration': {
      const count = numberOf(because, 'devices');
      if (count === undefined) return undefined;
      return count === 0 ? t('because.alone') : t('because.others', { count });
    }
    case 'recency': {
      const minutes = numberOf(because, 'ageMinutes');
      if (minutes === undefined) return undefined;
      return minutes === 0 ? t('because.ageNow') : t('because.age', { count: minutes });
    }
    case 'device_trust': {
      const judged = (numberOf(because, 'genuine') ?? 0) + (numberOf(because, 'mistaken') ?? 0);
      if (share === undefined) return undefined;
      if (judged === 0) return t('because.trustNew', { percent: percent(share) });
      return t('because.trust', {
        percent: percent(share),
        genuine: numberOf(because, 'genuine') ?? 0,
        count: judged,
      });
    }
    case 'match_confidence':
      return share === undefined ? undefined : t('because.match', { percent: confidenceText(texts, share) });
  }
}

/** Where a factor keeps its share of 0…1. */
const shareOf: Partial<Record<RiskFactor['name'], string>> = {
  zone_criticality: 'criticality',
  device_trust: 'trust',
  match_confidence: 'confidence',
};
