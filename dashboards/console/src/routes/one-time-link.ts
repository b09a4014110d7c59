import { navigate } from 'wouter/use-browser-location';

/** Where one-time links lead; their secret stands behind `#`, which browsers send to nobody. */
const welcomePath = '/welcome';

/** The secret of the one-time link that an address is; null when it is none. */
export function linkTokenOf({ pathname, hash }: Pick<Location, 'pathname' | 'hash'>): string | null {
  return pathname === welcomePath && hash.length > 1 ? hash.slice(1) : null;
}

/** Where the link to a visitor’s pass leads. */
const passPath = '/pass';

/** The secret of the link to a pass that an address is; null when it is none. */
export function passTokenOf({ pathname, hash }: Pick<Location, 'pathname' | 'hash'>): string | null {
  return pathname === passPath && hash.length > 1 ? hash.slice(1) : null;
}

/** The link to a pass with this secret. */
export const passLinkOf = (origin: string, token: string): string => `${origin}${passPath}#${token}`;

/** Takes the link, which is used up, out of the address bar and the history. */
export function leaveLink(): void {
  navigate('/', { replace: true });
}
