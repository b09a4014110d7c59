import { type ErrorCode, WatchpostError } from '@watchpost/contracts/errors';
import type { SitePart } from '@watchpost/contracts/site';
import type { ToldDevices, UnusableDevice } from '../agent/device-roster.ts';
import { type EdgeAgentConfig, parseEdgeAgentConfig } from '../config.ts';
import { resolveDevice } from '../resolve-files.ts';
import { invalid } from './verify-announcement.ts';

/** What a site part says of devices, as far as this gateway can use it. */
export interface UsablePart {
  readonly told: ToldDevices;
  /** Devices that are off because of what they are told. */
  readonly unusable: readonly UnusableDevice[];
}

/**
 * Reads the devices of a site part one by one, by the rules of a configuration: one with a mistake is off,
 * the others go on. A camera that is to look for faces does everything else where the gateway has no gallery.
 * @param hasGallery whether there is something to match faces against
 * @param folder files of devices are relative to it
 * @param nowMs as well as the gateway knows the time
 * @throws WatchpostError `edge.part_invalid` for a part that nothing can be made of
 */
export function toldDevices(part: SitePart, hasGallery: boolean, folder: string, nowMs: number): UsablePart {
  const { site, gateway, hooks, passes, motion, canary, off } = part;
  const parse = (devices: readonly unknown[]) =>
    parseEdgeAgentConfig(
      {
        ...{ site, gateway, hooks, passes, motion, canary, devices },
        ...{ dataFolder: folder, broker: { url: 'mqtt://localhost' } },
        ...(hasGallery ? { gallery: { file: 'gallery', keysFile: 'keys' } } : {}),
        devicesOff: off,
      },
      nowMs,
    );
  let told: ToldDevices;
  try {
    told = parse([]);
  } catch {
    throw invalid('document');
  }
  const devices: EdgeAgentConfig['devices'] = [];
  const unusable: UnusableDevice[] = [];
  const concerns = new Map<string, ErrorCode>();
  for (const entry of part.devices) {
    const wantsFaces = entry.kind === 'camera' && entry.faces !== false && !hasGallery;
    try {
      const [device] = parse([wantsFaces ? { ...entry, faces: false } : entry]).devices;
      if (!device) continue;
      if (devices.some(({ id }) => id === device.id)) throw invalid('id');
      devices.push(resolveDevice(folder, device));
      if (wantsFaces) concerns.set(device.id, 'edge.gallery_missing');
    } catch (error) {
      if (!(error instanceof WatchpostError)) throw error;
      const { id } = entry;
      if (typeof id === 'string' && !devices.some((device) => device.id === id))
        unusable.push({ id, code: 'edge.device_part' });
    }
  }
  const { devicesOff, hooks: calls, passes: taken, motion: movement, canary: pace } = told;
  return {
    told: { devices, devicesOff, hooks: calls, passes: taken, motion: movement, canary: pace, concerns },
    unusable,
  };
}

/** The same devices, but cameras look for no faces: there is nothing to match them against yet. */
export function withoutFaces(told: ToldDevices): ToldDevices {
  const waiting = told.devices.filter((device) => device.kind === 'camera' && device.faces);
  if (waiting.length === 0) return told;
  return {
    ...told,
    devices: told.devices.map((device) => (device.kind === 'camera' ? { ...device, faces: false } : device)),
    concerns: new Map(waiting.map(({ id }) => [id, 'edge.gallery_missing'])),
  };
}
