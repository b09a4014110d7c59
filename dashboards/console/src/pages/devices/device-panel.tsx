import type { Site } from '@watchpost/contracts/site';
import { deviceSigns } from '@watchpost/riskmap';
import { memo } from 'react';
import type { DeviceState, GatewayView } from '../../live/device-states.ts';
import { zoneName } from '../../texts/alert-texts.ts';
import { codeText } from '../../texts/problem-text.ts';
import { useTexts } from '../../texts/texts.tsx';
import { absoluteTime, clockTime } from '../../texts/time-text.ts';
import { LineSign } from '../../ui/signs.tsx';
import { ChainProof } from './chain-proof.tsx';

/** A clock that is this far off is worth a word. */
const clockToleranceMs = 2000;

/**
 * What a reader reads that is no pass: an installer sees that it is alive, and what is wrong with what it is
 * shown.
 */
function UnknownCodes({ codes }: { readonly codes: NonNullable<DeviceState['unknownCodes']> }) {
  const { t, number } = useTexts();
  const kinds = Object.entries(codes.counts).map(([kind, count]) =>
    t(`codes.${kind as keyof typeof codes.counts}`, { count: number(count) }),
  );
  return (
    <span className="muted" data-testid="unknown-codes">
      {t('devices.unknownCodes', { kinds: kinds.join(t('list.separator')) })}
    </span>
  );
}

function DeviceItem({ device, site }: { readonly device: DeviceState; readonly site: Site | null }) {
  const texts = useTexts();
  const { t, language, number } = texts;
  const kind = device.kind && t(`device.${device.kind}`);
  const counts = [t('devices.readings', { count: number(device.readings) })];
  if (device.unreadable > 0) counts.push(t('devices.unreadable', { count: number(device.unreadable) }));
  const traffic =
    device.faces &&
    t('devices.faces', {
      people: number(Math.round(device.faces.peoplePerDay)),
      candidates: number(device.faces.expectedFalsePerDay, { maximumSignificantDigits: 2 }),
    });
  return (
    <li
      className="device"
      data-testid="device-state"
      data-device={device.id}
      data-status={device.status}
      title={[kind, ...counts].filter(Boolean).join(' · ')}
    >
      {device.kind && <LineSign path={deviceSigns[device.kind]} />}
      <span className="device-name">
        <b>{device.name?.[language] ?? device.id}</b>
        <span className="muted">
          {device.error
            ? codeText(texts, device.error)
            : device.zone
              ? zoneName(texts, site, device.zone)
              : kind}
        </span>
        {traffic && <span className="muted">{traffic}</span>}
        {device.unknownCodes && <UnknownCodes codes={device.unknownCodes} />}
        {device.shownCertificate && (
          <span data-testid="shown-certificate">
            {t('devices.certificate')}{' '}
            <code className="mono">{`tls: { pin: "${device.shownCertificate}" }`}</code>
          </span>
        )}
        {device.heldBack > 0 && (
          <span className="warn" data-testid="held-back">
            {t('devices.heldBack', { count: device.heldBack })}
          </span>
        )}
      </span>
      <span className="device-status">{t(`deviceStatus.${device.status}`)}</span>
    </li>
  );
}

/** Which configuration is in force at the gateway, and whether the server announced another one. */
function SitePart({ part }: { readonly part: NonNullable<GatewayView['sitePart']> }) {
  const { t } = useTexts();
  const { version, announced } = part;
  const isBehind = announced !== undefined && announced !== version;
  const inForce = version === null ? t('devices.noPart') : t('devices.part', { version: String(version) });
  return (
    <span className={isBehind ? 'warn' : undefined} data-testid="site-part" data-behind={isBehind}>
      {isBehind ? t('devices.partBehind', { inForce, announced: String(announced) }) : inForce}
    </span>
  );
}

function GatewayHead({ gateway, site }: { readonly gateway: GatewayView; readonly site: Site | null }) {
  const texts = useTexts();
  const { t, language, number } = texts;
  const { status, since, version, outboxDepth, clockOffsetMs } = gateway;
  return (
    <header className="gateway" data-testid="gateway-state" data-gateway={gateway.id} data-status={status}>
      <b>{t('devices.gateway', { id: gateway.id })}</b>
      <span className="device-status">{t(`gatewayStatus.${status}`)}</span>
      <span className="muted gateway-more">
        {since && (
          <time dateTime={since} title={absoluteTime(since, site?.timeZone, language)}>
            {t('devices.since', { time: clockTime(Date.parse(since), site?.timeZone, language) })}
          </time>
        )}
        {version && <span>{t('devices.version', { version })}</span>}
        {gateway.sitePart && <SitePart part={gateway.sitePart} />}
        {gateway.proof && <ChainProof proof={gateway.proof} site={site} />}
        {outboxDepth !== null && outboxDepth > 0 && (
          <span className="warn">{t('devices.outbox', { count: outboxDepth })}</span>
        )}
        {gateway.errors.map((code) => (
          <span key={code} className="warn" data-testid="gateway-error" data-code={code}>
            {codeText(texts, code)}
          </span>
        ))}
        {gateway.lateEvents > 0 && (
          <span className="warn" data-testid="gateway-late">
            {t('devices.late', { count: gateway.lateEvents })}
          </span>
        )}
        {gateway.eventsRefused > 0 && (
          <span className="warn">{t('devices.refused', { count: gateway.eventsRefused })}</span>
        )}
        {clockOffsetMs !== null && Math.abs(clockOffsetMs) > clockToleranceMs && (
          <span className="warn">
            {t('devices.clock', { seconds: number(clockOffsetMs / 1000, { maximumFractionDigits: 1 }) })}
          </span>
        )}
      </span>
    </header>
  );
}

export interface DevicePanelProps {
  readonly gateways: readonly GatewayView[];
  readonly site: Site | null;
  /** Whether the heading names the site. */
  readonly several: boolean;
}

export const DevicePanel = memo(function DevicePanel({ gateways, site, several }: DevicePanelProps) {
  const { t, number, language } = useTexts();
  const all = gateways.flatMap((gateway) => gateway.devices);
  const ok = all.filter((device) => device.status === 'ok').length;
  return (
    <section className="pane pane-devices" aria-label={t('devices.title')}>
      <header className="pane-head">
        <h2>
          {t('devices.title')}
          {several && site && ` · ${site.name[language]}`}
        </h2>
        <p className="muted">
          {gateways.length === 0
            ? t('devices.none')
            : t('devices.summary', { ok: number(ok), all: number(all.length) })}
        </p>
      </header>
      {gateways.map((gateway) => (
        <div key={gateway.id}>
          <GatewayHead gateway={gateway} site={site} />
          <ul className="devices">
            {gateway.devices.map((device) => (
              <DeviceItem key={device.id} device={device} site={site} />
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
});
