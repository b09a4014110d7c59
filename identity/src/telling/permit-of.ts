import type { PermitContent } from '@watchpost/contracts/lists';
import type { GatewayPart } from '@watchpost/contracts/site';
import type { Permit } from '@watchpost/contracts/wire';

/** Where nobody keeps lists a permit lets nothing be matched. */
export const noPermit: Permit = {
  gallery: { digest: null, withdrawn: [] },
  passes: { revoked: [] },
};

/** What a site’s permits are made from. */
export interface PermitSources {
  /** What the lists say; absent: nothing yet. */
  readonly content: PermitContent | undefined;
  /** The gallery that they name, where it is there together with its keys. */
  readonly file: { readonly size: number; readonly keys: string } | undefined;
  /** Entries of which no gateway may keep anything: those of the lists, and those that are not settled. */
  readonly erase: readonly string[];
}

/** Whether a gateway has a camera that may look for faces: one with a privacy record (privacy rule 9). */
export function looksForFaces({ devices }: Pick<GatewayPart, 'devices'>): boolean {
  return devices.some((device) => device.kind === 'camera' && device.faces === true && !!device.assessment);
}

/**
 * The permit of a gateway. One that looks for no faces gets no gallery; what is to be erased it is told all
 * the same, because it may have looked for faces before.
 */
export function permitOf(
  part: Pick<GatewayPart, 'devices'>,
  { content, file, erase }: PermitSources,
): Permit {
  if (!content) return noPermit;
  const passes = { revoked: content.revokedPasses };
  const toErase = erase.length > 0 ? { erase: [...erase] } : {};
  if (!looksForFaces(part)) return { gallery: { digest: null, withdrawn: [], ...toErase }, passes };
  const { gallery: digest, withdrawn } = content;
  return { gallery: { digest, withdrawn, ...(file ? { file } : {}), ...toErase }, passes };
}
