type Fields = Readonly<Record<string, unknown>>;

/** A configuration in the present form. */
export interface PresentForm {
  readonly config: unknown;
  /** Where in the configuration as it was written something of the present form stands, as a JSON pointer. */
  writtenPath(pointer: string): string;
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stood beside the kind of a camera and now stands in `connect`, by driver. */
const connectOfCamera = {
  rtsp: ['url', 'user', 'passwordFile', 'transport'],
  http: ['url', 'user', 'passwordFile'],
  file: ['url', 'loop'],
} as const;
const olderDrivers = ['serial', 'tcp', 'simulator'] as const;
const movedFields: readonly string[] = ['url', 'user', 'passwordFile', 'transport', 'loop'];

/**
 * Takes a configuration whose devices may be written in the form before `connect`, because devices in the
 * field run for years: a camera had `url`, `user`, `passwordFile`, `transport` and `loop` beside its kind,
 * other devices `driver` and a field of the driver's name. A password file becomes a secret whose file is
 * named in `secretFiles`. What is in the present form, or in none, passes through unchanged.
 */
export function toPresentForm(config: unknown): PresentForm {
  const { devices: written, secretFiles } = isObject(config) ? config : {};
  if (!isObject(config) || !Array.isArray(written)) return { config, writtenPath: (path) => path };
  const places = new Map<string, string>();
  const passwordFiles: Record<string, unknown> = {};
  const devices = written.map((entry: unknown, index) => {
    if (!isObject(entry) || 'connect' in entry) return entry;
    const at = `/devices/${index}`;
    const { kind, passwordFile } = entry;
    if (kind !== 'camera')
      return 'driver' in entry ? presentSensor(entry, (now, was) => places.set(at + now, at + was)) : entry;
    if (!('url' in entry)) return entry;
    const secret = `password-file-${index}`;
    places.set(`/secretFiles/${secret}`, `${at}/passwordFile`);
    places.set(`${at}/connect/password`, `${at}/passwordFile`);
    places.set(`${at}/connect/driver`, `${at}/url`);
    places.set(`${at}/connect`, at);
    if (passwordFile !== undefined) passwordFiles[secret] = passwordFile;
    return presentCamera(entry, secret);
  });
  return {
    config: {
      ...config,
      devices,
      ...(Object.keys(passwordFiles).length === 0
        ? {}
        : { secretFiles: { ...(isObject(secretFiles) ? secretFiles : {}), ...passwordFiles } }),
    },
    writtenPath: (pointer) => writtenPath(places, pointer),
  };
}

function presentCamera(entry: Fields, secret: string): Fields {
  const { url } = entry;
  const scheme = /^\s*([a-z][a-z0-9+.-]+):\/\//i.exec(String(url))?.[1]?.toLowerCase();
  const driver =
    scheme === undefined || scheme === 'file' ? 'file' : scheme.startsWith('http') ? 'http' : 'rtsp';
  const connect = connectOfCamera[driver]
    .filter((field) => entry[field] !== undefined)
    .map((field) => (field === 'passwordFile' ? ['password', { secret }] : [field, entry[field]]));
  return {
    ...Object.fromEntries(Object.entries(entry).filter(([field]) => !movedFields.includes(field))),
    connect: { driver, ...Object.fromEntries(connect) },
  };
}

function presentSensor(entry: Fields, moved: (now: string, was: string) => void): Fields {
  const { driver, ...rest } = entry;
  moved('/connect/driver', '/driver');
  const name = olderDrivers.find((known) => known === driver);
  if (name === undefined) return { ...rest, connect: { driver } };
  const { [name]: settings, ...others } = rest;
  moved('/connect', `/${name}`);
  if (settings !== undefined && !isObject(settings)) return { ...others, connect: settings };
  if (name !== 'tcp' || !isObject(settings) || !('listen' in settings) || 'host' in settings)
    return { ...others, connect: { ...settings, driver } };
  const { listen, ...place } = settings;
  moved('/connect/port', '/tcp/listen');
  return { ...others, connect: { ...place, port: listen, driver: 'tcp-listen' } };
}

/** The longest known beginning decides. */
function writtenPath(places: ReadonlyMap<string, string>, pointer: string): string {
  for (let end = pointer.length; end > 0; end = pointer.lastIndexOf('/', end - 1)) {
    const written = places.get(pointer.slice(0, end));
    if (written !== undefined) return written + pointer.slice(end);
  }
  return pointer;
}
