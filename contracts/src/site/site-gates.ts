import { z } from 'zod';
import { gatewayIdSchema, zoneIdSchema } from '../wire/ids.ts';
import { passNameSchema } from '../wire/pass-use.ts';
import type { SiteFile } from './site-file.ts';

/** A gate that passes may name: the readers and cameras that ask for it. */
export const siteGateSchema = z.strictObject({
  name: passNameSchema,
  /** Of its devices. */
  zones: z.array(zoneIdSchema),
  /** More than one: without the server two of them would take the same pass. */
  gateways: z.array(gatewayIdSchema),
});
export type SiteGate = z.infer<typeof siteGateSchema>;

/** The gates of a site in the order of their names. What no pass can name is none. */
export function siteGates({ devices, passes }: Pick<SiteFile, 'devices' | 'passes'>): SiteGate[] {
  const gates = new Map<string, { zones: Set<string>; gateways: Set<string> }>();
  for (const device of devices) {
    if (device.kind !== 'code_reader' && !(device.kind === 'camera' && device.codes)) continue;
    const name = device.audience ?? passes.audience;
    if (!passNameSchema.safeParse(name).success) continue;
    const gate = gates.get(name) ?? { zones: new Set(), gateways: new Set() };
    gate.zones.add(device.zone);
    gate.gateways.add(device.gateway);
    gates.set(name, gate);
  }
  return [...gates]
    .map(([name, { zones, gateways }]) => ({
      name,
      zones: [...zones].map((zone) => zoneIdSchema.parse(zone)),
      gateways: [...gateways].map((gateway) => gatewayIdSchema.parse(gateway)),
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
