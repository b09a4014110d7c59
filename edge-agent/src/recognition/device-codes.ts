import { WatchpostError } from '@watchpost/contracts/errors';
import type { IssuerPublicKey } from '@watchpost/passes';
import type { Logger } from 'pino';
import type { DeviceContext } from '../devices/device-context.ts';
import type { DeviceHealthRecord } from '../devices/device-health.ts';
import { type CodeFinding, CodeHandler } from './code-handler.ts';

/** What a code means; null too when it could not be judged, which is counted at the device and logged. */
export async function judged(
  handler: CodeHandler,
  { text, partOf }: { readonly text: string; readonly partOf?: number | undefined },
  atMs: number,
  health: DeviceHealthRecord,
  log: Logger,
): Promise<CodeFinding | null> {
  try {
    return await handler.read(text, atMs, partOf);
  } catch (error) {
    if (!(error instanceof WatchpostError)) throw error;
    health.unreadable(error.code);
    log.error({ device: health.device, code: error.code }, 'pass not judged');
    return null;
  }
}

/** The handler of codes shown to one device. */
export function codeHandlerOf(
  audience: string | undefined,
  holdMs: number,
  {
    config,
    clock,
    revokedPasses,
    passListExpired,
    redeem,
  }: Pick<DeviceContext, 'config' | 'clock' | 'revokedPasses' | 'passListExpired' | 'redeem'>,
): CodeHandler {
  const issuers: IssuerPublicKey[] = config.passes.issuers.map(({ iss, validUntil, ...key }) => ({
    ...key,
    ...(iss === undefined ? {} : { iss }),
    ...(validUntil === undefined ? {} : { validUntil }),
  }));
  const { clockSkewMs, plateDomain } = config.passes;
  const revoked = revokedPasses;
  return new CodeHandler({
    issuers,
    audience: audience ?? config.passes.audience,
    clockSkewMs,
    plateDomain,
    holdMs,
    timeUnknown: () => clock.isUnknown,
    revoked,
    listExpired: passListExpired,
    redeem,
  });
}
