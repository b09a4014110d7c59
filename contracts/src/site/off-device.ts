import { z } from 'zod';
import { localizedTextSchema, planPointSchema } from './place.ts';
import { type SiteDevice, siteDeviceSchema } from './site.ts';

/** A device that is switched off because its entry in the site file has a mistake. */
export interface OffDevice {
  /** Its id, or its place in the file where it has none. */
  readonly id: string;
  /** As much as is needed to show it, where the entry says that much. */
  readonly described?: SiteDevice;
}

const { id, gateway, kind, profile, zone } = siteDeviceSchema.shape;
const entrySchema = z.object({
  ...{ id, gateway, kind, profile, zone },
  name: localizedTextSchema,
  mount: z.object({ at: planPointSchema }),
});

/**
 * What can still be said of a device whose entry has a mistake.
 * @param place where it stands in the file
 * @param profiles kinds of hardware profiles: a device whose kind is mistyped is still a smoke detector
 */
export function offDevice(entry: unknown, place: string, profiles: ReadonlyMap<string, string>): OffDevice {
  const described = [entry, withKindOfProfile(entry, profiles)]
    .map((each) => entrySchema.safeParse(each))
    .find(({ success }) => success);
  if (described?.success) {
    const { mount, ...device } = described.data;
    return { id: device.id, described: { ...device, at: mount.at } };
  }
  const named = id.safeParse(
    typeof entry === 'object' && entry !== null ? Reflect.get(entry, 'id') : undefined,
  );
  return { id: named.success ? named.data : place };
}

function withKindOfProfile(entry: unknown, profiles: ReadonlyMap<string, string>): unknown {
  if (typeof entry !== 'object' || entry === null || !('profile' in entry)) return undefined;
  return { ...entry, kind: profiles.get(String(entry.profile)) };
}
