import type { ListEntryRequest, Session } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import { useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { EntryForm } from './entry-form.tsx';
import type { listsEn } from './texts-en.ts';

export interface NewEntryProps {
  readonly ask: Ask;
  /** Where the person may propose. */
  readonly proposing: Session['sites'];
  readonly sites: ReadonlyMap<string, Site>;
  readonly onMade: (id: string) => void;
  readonly onCancel: () => void;
}

/** A draft, on one of the sites where the person may propose. */
export function NewEntry({ ask, proposing, sites, onMade, onCancel }: NewEntryProps) {
  const { t, language } = usePageTexts<typeof listsEn>();
  const [siteId, setSiteId] = useState<string>(proposing[0]?.site ?? '');
  const site = sites.get(siteId);
  const create = async (request: ListEntryRequest) => {
    const made = await call(ask, 'POST /lists', { query: { site: siteId }, body: request });
    onMade(made.id);
  };
  return (
    <section className="managed-stack" aria-labelledby="lists-new-title">
      <h3 id="lists-new-title">{t('lists.new')}</h3>
      <p>{t('lists.newText')}</p>
      {proposing.length > 1 ? (
        <label className="field">
          <span className="field-label">{t('lists.site')}</span>
          <select
            className="field-input"
            value={siteId}
            onChange={({ target }) => setSiteId(target.value)}
            data-testid="entry-site"
          >
            {proposing.map((one) => (
              <option key={one.site} value={one.site}>
                {sites.get(one.site)?.name[language] ?? one.site}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      {site ? (
        <EntryForm key={siteId} site={zonesOf(site, proposing)} onSave={create} onCancel={onCancel} />
      ) : (
        <p className="muted">{t('app.loading')}</p>
      )}
    </section>
  );
}

/** The site with the zones that exist for the person. */
function zonesOf(site: Site, proposing: NewEntryProps['proposing']): Site {
  const zones = proposing.find((one) => one.site === site.id)?.zones ?? null;
  return zones === null ? site : { ...site, zones: site.zones.filter(({ id }) => zones.includes(id)) };
}
