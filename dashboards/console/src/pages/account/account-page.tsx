import { usePageTexts } from '../../texts/texts.tsx';
import { LanguageSwitch } from '../../ui/language-switch.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import type { accountEn } from './texts-en.ts';

/** One's own account: who one is and what one may do. */
export function AccountPage({ session, sites }: ManagedPageProps) {
  const { t, language } = usePageTexts<typeof accountEn>();
  return (
    <>
      <h2>{t('manage.account')}</h2>
      <p>{t('account.who', { user: session.user })}</p>
      <section className="managed-part" aria-labelledby="account-rights">
        <h3 id="account-rights">{t('account.rights')}</h3>
        <table className="cards-table">
          <thead>
            <tr>
              <th scope="col">{t('account.site')}</th>
              <th scope="col">{t('account.role')}</th>
            </tr>
          </thead>
          <tbody>
            {session.sites.map(({ site, role }) => (
              <tr key={site}>
                <th scope="row">{sites.get(site)?.name[language] ?? site}</th>
                <td data-label={t('account.role')}>{t(`role.${role}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section className="managed-part" aria-labelledby="account-language">
        <h3 id="account-language">{t('account.language')}</h3>
        <LanguageSwitch />
      </section>
    </>
  );
}
