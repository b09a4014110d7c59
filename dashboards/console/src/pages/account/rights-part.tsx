import { usePageTexts } from '../../texts/texts.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import type { accountEn } from './texts-en.ts';

/** On which sites somebody may do what. */
export function RightsPart({ session, sites }: Pick<ManagedPageProps, 'session' | 'sites'>) {
  const { t, language } = usePageTexts<typeof accountEn>();
  const zoneName = (site: string, zone: string) =>
    sites.get(site)?.zones.find(({ id }) => id === zone)?.name[language] ?? zone;
  return (
    <section className="managed-part" aria-labelledby="account-rights">
      <h3 id="account-rights">{t('account.rights')}</h3>
      <table className="cards-table" data-testid="account-rights-table">
        <thead>
          <tr>
            <th scope="col">{t('account.site')}</th>
            <th scope="col">{t('account.role')}</th>
          </tr>
        </thead>
        <tbody>
          {session.sites.map(({ site, role, zones }) => (
            <tr key={site}>
              <th scope="row">{sites.get(site)?.name[language] ?? site}</th>
              <td data-label={t('account.role')}>
                {t(`role.${role}`)}
                {zones !== null && (
                  <small className="muted">
                    {' '}
                    {t('account.zones', {
                      count: zones.length,
                      names: zones.map((zone) => zoneName(site, zone)).join(t('list.separator')),
                    })}
                  </small>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
