import type { DeviceHealth } from '@watchpost/contracts/wire';
import { hasValidCheckDigit } from './gtin.ts';

/** What was scanned and is not a pass or plate of this site, by what it looks like; never a word of it. */
export type UnknownCodes = NonNullable<DeviceHealth['unknownCodes']>;
export type UnknownKind = keyof UnknownCodes['counts'];

/** Counts codes that mean nothing here, so that an installer can tell a dead reader from a wrong setting. */
export class UnknownCodeCounter {
  readonly #counts: { [K in UnknownKind]?: number } = {};
  #last: UnknownCodes['last'] | undefined;

  /** @param length of the text in UTF-16 units */
  count(kind: UnknownKind, length: number): void {
    this.#counts[kind] = (this.#counts[kind] ?? 0) + 1;
    this.#last = { kind, length };
  }

  /** undefined as long as there was none. */
  snapshot(): UnknownCodes | undefined {
    return this.#last && { counts: { ...this.#counts }, last: this.#last };
  }
}

/** What a routed payload that is not ours looks like. */
export function unknownKindOf(routed: { readonly kind: string; readonly text: string }): UnknownKind {
  switch (routed.kind) {
    case 'url':
      return 'web_address';
    case 'plate':
      return 'plate';
    case 'gs1':
      return 'gs1';
    default:
      return hasValidCheckDigit(routed.text.trim()) ? 'ean' : 'text';
  }
}
