import { plansOf, type Site } from '@watchpost/contracts/site';

/**
 * A cell of one plan, as the store keys it: floors of a building lie over each other, so that a cell alone
 * does not say where something was. What was stored before sites had several plans is a cell alone.
 */
export function planCell(plan: string, cell: string): string {
  return `${plan}/${cell}`;
}

/**
 * The cell of a stored one where it belongs to this plan, otherwise undefined. One that names no plan belongs
 * to the first; a site with a single plan has all of them, also those of a plan that had another id.
 */
export function cellOn(
  site: Pick<Site, 'plan' | 'otherPlans'>,
  plan: string,
  stored: string,
): string | undefined {
  const [named = '', cell] = stored.split('/');
  if (cell === undefined) return plan === site.plan.id ? named : undefined;
  return named === plan || plansOf(site).length === 1 ? cell : undefined;
}
