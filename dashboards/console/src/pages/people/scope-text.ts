import type { AccountScope } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import type { TextKey } from '../../texts/en.ts';
import type { Texts } from '../../texts/texts.tsx';

/** The texts of the page, with those of the whole console. */
export type PeopleTexts = Texts<TextKey | 'people.everySite' | 'people.scopeZones'>;

/** The name of a site of a scope. */
export const siteText = (
  { t, language }: Pick<PeopleTexts, 't' | 'language'>,
  sites: ReadonlyMap<string, Site>,
  site: string,
): string => (site === '*' ? t('people.everySite') : (sites.get(site)?.name[language] ?? site));

/** A scope in words: the site, the role there, and of how many zones. */
export function scopeText(
  texts: Pick<PeopleTexts, 't' | 'language'>,
  sites: ReadonlyMap<string, Site>,
  { site, role, zones }: AccountScope,
): string {
  const { t } = texts;
  const parts = [siteText(texts, sites, site), t(`role.${role}`)];
  if (zones !== null) parts.push(t('people.scopeZones', { count: zones.length }));
  return parts.join(' · ');
}
