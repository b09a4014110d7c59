import { durationTextOf, type SlowWithdrawal } from '@watchpost/contracts/site';

/** What commands warn of where a site lets its gateways match what was withdrawn for longer than a minute. */
export const slowWithdrawalLine = (
  site: string,
  { withinMs, reason }: SlowWithdrawal,
  chinese: boolean,
): string =>
  chinese
    ? `注意 ${site}：撤回的名单条目在失去联系的网关上最长 ${durationTextOf(withinMs)} 后才停止比对（policy.permit.life）。理由：${reason}`
    : `Note, ${site}: a gateway without connection may match what was withdrawn for up to ${durationTextOf(withinMs)} (policy.permit.life). Reason: ${reason}`;
