import { isDeepStrictEqual } from 'node:util';
import {
  builtInRuleSetId,
  type DeviceChanges,
  describePrivacy,
  describeSite,
  deviceChanges,
  gatewayPart,
  madeFrom,
  type SlowWithdrawal,
  siteGates,
  slowWithdrawalOf,
} from '@watchpost/contracts/site';
import type { SiteToRun } from '../server/open-server-folder.ts';

/** What putting a site into force means for those that run it. */
export interface SiteChanges {
  readonly site: string;
  /** Alerting is started again: what it shows or decides by is another. */
  readonly alerting: boolean;
  /** Events are judged by another rule set from now on: the ids of the one before and of the one after. */
  readonly ruleSet?: { readonly before: string; readonly after: string };
  /** Permits of its gateways are renewed by other numbers from now on; nothing is started again. */
  readonly permits: boolean;
  /** Absent: what is withdrawn stops within a minute everywhere, as it is to be. */
  readonly slowWithdrawal?: SlowWithdrawal;
  /** Gateways that are told something new, and what becomes of their devices. */
  readonly gateways: readonly GatewayChanges[];
  /** Gateways for which everything stays. */
  readonly untouched: readonly string[];
}

/** What becomes of the devices of one gateway. */
export interface GatewayChanges extends DeviceChanges {
  readonly gateway: string;
}

/** Compares a site as it is to be with what is in force. */
export function siteChanges(before: SiteToRun, after: SiteToRun): SiteChanges {
  const { id } = after.site;
  const shown = ({ site, off, ruleSet }: SiteToRun) => {
    // How permits are renewed, passes judged and motion seen is no matter of alerting.
    const { permit: _, passes: __, motion: ___, ...policy } = site.policy;
    return {
      ...{ described: describeSite(site, off), privacy: describePrivacy(site) },
      ...{ policy, instructions: site.instructions, ruleSet: ruleSet?.id },
      // Where passes may let somebody in.
      gates: siteGates(site),
      // Under which host name its plates are issued.
      plateDomain: site.passes.plateDomain,
    };
  };
  const all = [...new Set([...gatewaysOf(before), ...gatewaysOf(after)])];
  const parts = all.map((gateway) => ({
    gateway,
    was: gatewayPart(before.site, gateway, before.off),
    is: gatewayPart(after.site, gateway, after.off),
  }));
  const slowWithdrawal = slowWithdrawalOf(after.site.policy.permit);
  const touched = parts.filter(({ was, is }) => !isDeepStrictEqual(was, is));
  return {
    site: id,
    alerting: !isDeepStrictEqual(shown(before), shown(after)),
    ...ruleSetChange(before, after),
    permits: !isDeepStrictEqual(before.site.policy.permit, after.site.policy.permit),
    ...(slowWithdrawal ? { slowWithdrawal } : {}),
    gateways: touched.map(({ gateway, was, is }) => ({
      gateway,
      ...deviceChanges(madeFromOf(was), madeFromOf(is), isDeepStrictEqual),
    })),
    untouched: parts.filter(({ was, is }) => isDeepStrictEqual(was, is)).map(({ gateway }) => gateway),
  };
}

function ruleSetChange(was: SiteToRun, is: SiteToRun): Pick<SiteChanges, 'ruleSet'> {
  const [before, after] = [was, is].map(({ ruleSet }) => ruleSet?.id ?? builtInRuleSetId);
  return before === undefined || after === undefined || before === after
    ? {}
    : { ruleSet: { before, after } };
}

/** Whether nothing changes. */
export const isSame = ({ alerting, permits, gateways }: SiteChanges): boolean =>
  !alerting && !permits && gateways.length === 0;

const gatewaysOf = ({ site }: SiteToRun): string[] => site.gateways.map(({ id }) => id);
const madeFromOf = (part: ReturnType<typeof gatewayPart>) =>
  new Map(part.devices.map((device) => [device.id as string, madeFrom(device, part)]));
