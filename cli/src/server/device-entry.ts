import { WatchpostError } from '@watchpost/contracts/errors';
import type { SiteFile } from '@watchpost/contracts/site';

/** What `watchpost add` adds, with the kind of device that it is unless another is named. */
export const addable = { camera: 'camera', reader: 'code_reader', sensor: undefined } as const;
export type Addable = keyof typeof addable;

/** What is said of a new device on the command line. */
export interface DeviceWords {
  readonly id: string;
  readonly kind?: string;
  readonly profile?: string;
  readonly gateway?: string;
  readonly zone?: string;
  readonly name?: string;
  readonly nameEn?: string;
  /** `x,y` in metres. */
  readonly at?: string;
  /** Address of a camera: its scheme names the driver. */
  readonly url?: string;
  readonly user?: string;
  /** Name of the secret with the password. */
  readonly password?: string;
  /** Further settings, by their path: `connect.topic`. */
  readonly set: readonly { readonly path: readonly string[]; readonly value: unknown }[];
}

/**
 * The entry of a new device in a site file: what was said, and for the rest what is usual: the generic
 * profile of its kind, the only gateway, the only zone, the middle of the zone.
 * @throws WatchpostError `config.invalid` for an option that is needed here
 */
export function deviceEntry(
  what: Addable,
  words: DeviceWords,
  site: SiteFile,
): Readonly<Record<string, unknown>> {
  const { id } = words;
  const kind = words.kind ?? addable[what] ?? needed('kind');
  const zone = words.zone ?? only(site.zones, 'zone');
  const gateway = words.gateway ?? only(site.gateways, 'gateway');
  const entry: Record<string, unknown> = {
    id,
    kind,
    profile: words.profile ?? `generic-${kind.replaceAll('_', '-')}`,
    gateway,
    zone,
    name: { 'zh-CN': words.name ?? words.nameEn ?? id, en: words.nameEn ?? words.name ?? id },
    mount: { at: words.at === undefined ? middleOf(zone, site) : point(words.at) },
    ...(words.url === undefined ? {} : { connect: cameraConnect(words.url, words) }),
  };
  for (const { path, value } of words.set) assign(entry, path, value);
  return entry;
}

function cameraConnect(url: string, { user, password }: DeviceWords): Record<string, unknown> {
  const scheme = /^([a-z]+):\/\//i.exec(url)?.[1]?.toLowerCase().replace(/s$/, '');
  const driver = scheme === 'rtsp' || scheme === 'http' ? scheme : 'file';
  return {
    driver,
    url,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password: { secret: password } }),
  };
}

function middleOf(zone: string, { zones }: SiteFile): [number, number] {
  const outline = zones.find(({ id }) => id === zone)?.outline ?? [[0, 0]];
  const middle = (axis: 0 | 1): number => {
    const sum = outline.reduce((total, corner) => total + (corner[axis] ?? 0), 0);
    return Math.round((sum / outline.length) * 10) / 10;
  };
  return [middle(0), middle(1)];
}

function point(text: string): [number, number] {
  const [x, y] = text.split(',').map(Number);
  if (x === undefined || y === undefined || !Number.isFinite(x + y))
    throw new WatchpostError('config.invalid', {
      path: '/--at',
      details: { expected: '12.5,3', found: text.slice(0, 40) },
    });
  return [x, y];
}

function only(list: readonly { readonly id: string }[], option: string): string {
  const [first, ...others] = list;
  if (first && others.length === 0) return first.id;
  return needed(
    option,
    list.map(({ id }) => id),
  );
}

function needed(option: string, known: readonly string[] = []): never {
  throw new WatchpostError('config.invalid', {
    path: `/--${option}`,
    details: known.length > 0 ? { expected: known.slice(0, 20).join(', ') } : { expected: 'to be given' },
  });
}

function assign(
  entry: Record<string, unknown>,
  [name = '', ...rest]: readonly string[],
  value: unknown,
): void {
  if (rest.length === 0) {
    entry[name] = value;
    return;
  }
  const inner = entry[name];
  const next: Record<string, unknown> =
    typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? { ...inner } : {};
  assign(next, rest, value);
  entry[name] = next;
}
