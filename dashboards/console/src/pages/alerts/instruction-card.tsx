import type { Language } from '@watchpost/contracts/api';
import type { Contact, Instruction } from '@watchpost/contracts/site';
import { useTexts } from '../../texts/texts.tsx';
import { LineSign, signPaths } from '../../ui/signs.tsx';

const other: Readonly<Record<Language, Language>> = { 'zh-CN': 'en', en: 'zh-CN' };

/** As a telephone takes it (RFC 3966): digits, with the sign of an international number. */
const dialled = ({ phone }: Contact): string => `tel:${phone.replace(/[^+0-9]/g, '')}`;

/** What the site says is to be done about an alert, and whom to call; nothing where it says nothing. */
export function InstructionCard({ instruction }: { readonly instruction: Instruction | undefined }) {
  const { t, language } = useTexts();
  if (!instruction) return null;
  const { text, contacts } = instruction;
  const written = text[language] === undefined ? other[language] : language;
  return (
    <section className="card instruction" aria-labelledby="instruction-title" data-testid="instruction-card">
      <h3 id="instruction-title">{t('instruction.title')}</h3>
      <p className="instruction-text" lang={written}>
        {text[written]}
      </p>
      {contacts.length > 0 && (
        <ul aria-label={t('instruction.contacts')}>
          {contacts.map((contact) => (
            <li key={`${contact.name} ${contact.phone}`}>
              <a href={dialled(contact)}>
                <LineSign path={signPaths.phone} />
                <bdi>{contact.name}</bdi> <bdi className="instruction-phone">{contact.phone}</bdi>
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
