import type { Site } from '@watchpost/contracts/site';
import { demoSite } from './demo-site.ts';

/**
 * A second site beside the demo’s. Its gateways, devices and zones have the same ids on purpose: whatever
 * forgets the site mixes the two up.
 */
export const secondSite: Site = {
  ...demoSite,
  id: 'second' as Site['id'],
  name: { en: 'Second site', 'zh-CN': '第二站点' },
};
