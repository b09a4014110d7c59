import type { Site, SitePlan } from './site.ts';

/** Every plan of a site, the first one first. */
export function plansOf({ plan, otherPlans }: Pick<Site, 'plan' | 'otherPlans'>): readonly SitePlan[] {
  return [plan, ...(otherPlans ?? [])];
}

/** The plan that a zone is drawn on; a zone that is not known is taken to be on the first. */
export function planOfZone(site: Pick<Site, 'plan' | 'otherPlans' | 'zones'>, zone: string): SitePlan {
  const id = site.zones.find((one) => one.id === zone)?.plan;
  return plansOf(site).find((one) => one.id === id) ?? site.plan;
}
