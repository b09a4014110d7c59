import { WatchpostError } from '@watchpost/contracts/errors';
import { deviceReports, reportNameOf, type SiteDevice } from '@watchpost/contracts/site';
import type { WatchpostEvent } from '@watchpost/contracts/wire';
import type { SiteDirectory } from '../places/site-directory.ts';

/**
 * Refuses what the site does not know: names come from the site description, so nobody can invent alerts by
 * inventing names, and what a device may say comes from what it is.
 * @throws WatchpostError `wire.unknown_zone`, `wire.unknown_line`, `wire.report_not_of_device`
 */
export function requireKnownNames(event: WatchpostEvent, device: SiteDevice, directory: SiteDirectory): void {
  const report = reportNameOf(event);
  const allowed: readonly string[] = device.reports ?? deviceReports[device.kind];
  if (!allowed.includes(report)) {
    throw new WatchpostError('wire.report_not_of_device', {
      path: event.type.startsWith('watchpost.sensor.') ? '/data/kind' : '/type',
      details: { device: device.id, kind: device.kind, report },
    });
  }
  if (!directory.zone(event.subject)) {
    throw new WatchpostError('wire.unknown_zone', { path: '/subject', details: { zone: event.subject } });
  }
  if (event.type === 'watchpost.line.crossed.v1' && !directory.line(event.data.line)) {
    throw new WatchpostError('wire.unknown_line', { path: '/data/line', details: { device: device.id } });
  }
}
