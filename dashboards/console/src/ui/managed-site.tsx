import type { Permission, Session } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { useState } from 'react';
import { useTexts } from '../texts/texts.tsx';

/** The sites of which somebody may do this as a whole. */
export const wholeSites = ({ sites }: Pick<Session, 'sites'>, permission: Permission): readonly string[] =>
  sites
    .filter(({ permissions, zones }) => zones === null && permissions.includes(permission))
    .map(({ site }) => site);

export interface SiteChoiceProps {
  /** Those that may be chosen. */
  readonly ids: readonly string[];
  readonly sites: ReadonlyMap<string, Site>;
  readonly value: string;
  readonly label: string;
  readonly onChange: (site: string) => void;
}

/** Which site a page is about; nothing where there is one. */
export function SiteChoice({ ids, sites, value, label, onChange }: SiteChoiceProps) {
  const { language } = useTexts();
  if (ids.length < 2) return null;
  return (
    <label className="field">
      <span className="field-label">{label}</span>
      <select
        className="field-input"
        value={value}
        onChange={({ target }) => onChange(target.value)}
        data-testid="managed-site"
      >
        {ids.map((id) => (
          <option key={id} value={id}>
            {sites.get(id)?.name[language] ?? id}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The site that a page is about, of those of which somebody may do this as a whole. */
export function useManagedSite(session: Session, permission: Permission) {
  const ids = wholeSites(session, permission);
  const [chosen, setChosen] = useState(ids[0] ?? '');
  return { ids, site: ids.includes(chosen) ? chosen : (ids[0] ?? ''), setSite: setChosen };
}
