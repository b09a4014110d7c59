/** Where a camera’s pictures come from. `url` carries neither user nor password. */
export type CameraAddress =
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'rtsp' | 'http';
      readonly url: string;
      readonly host: string;
      readonly port: number;
      /** From the address itself, decoded; better kept apart from it. */
      readonly user?: string;
      readonly password?: string;
    };

/** A text that is no address, and why not. */
export interface RefusedAddress {
  readonly kind: 'refused';
  readonly reason: string;
}

const ports: Readonly<Record<string, number>> = { rtsp: 554, rtsps: 322, http: 80, https: 443 };
const withScheme = /^([a-z][a-z0-9+.-]+):\/\//i;

/** Whether an address is a stream and not the path of a file. */
export function isStreamAddress(text: string): boolean {
  const scheme = withScheme.exec(text.trim())?.[1]?.toLowerCase();
  return scheme !== undefined && scheme !== 'file';
}

/**
 * Reads the address of a camera: a stream (`rtsp`, `rtsps`, `http`, `https`) or the path of a video file.
 * Blanks around it and capital letters in the scheme are put right; what could mean two things is refused.
 * Decoders of cameras read theirs with it, without the errors of everything else.
 */
export function readCameraAddress(text: string): CameraAddress | RefusedAddress {
  const refuse = (reason: string): RefusedAddress => ({ kind: 'refused', reason });
  const trimmed = text.trim();
  if (trimmed === '') return refuse('empty');
  const scheme = withScheme.exec(trimmed)?.[1]?.toLowerCase();
  if (scheme === undefined || scheme === 'file') return { kind: 'file', path: trimmed };
  const port = ports[scheme];
  if (port === undefined) return refuse('scheme');
  const rest = trimmed.slice(scheme.length);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u0020\u007f]/.test(rest)) return refuse('blank');
  if (rest.includes('#')) return refuse('number_sign');
  if (/%(?![0-9a-f]{2})/i.test(rest)) return refuse('percent');
  // A second @ or an unescaped slash in a password moves the host.
  const authority = rest.slice(3).split(/[/?]/, 1)[0] ?? '';
  if (authority.split('@').length > 2) return refuse('at_sign');
  let url: URL;
  try {
    url = new URL(`${scheme}${rest}`);
  } catch {
    return refuse('not_an_address');
  }
  if (url.hostname === '') return refuse('host');
  const { username, password } = url;
  url.username = '';
  url.password = '';
  return {
    kind: scheme.startsWith('rtsp') ? 'rtsp' : 'http',
    url: url.href,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? port : Number(url.port),
    ...(username === '' ? {} : { user: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
  };
}

/**
 * The address with user and password in it, as FFmpeg wants it: every character that could mean something is
 * escaped.
 */
export function withCredentials(url: string, user: string | undefined, password: string | undefined): string {
  if (user === undefined) return url;
  const escaped = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return url.replace('://', `://${escaped(user)}:${escaped(password ?? '')}@`);
}
