import { usePageTexts } from '../../texts/texts.tsx';
import { absoluteTime } from '../../texts/time-text.ts';
import { QrPicture } from '../../ui/qr/qr-picture.tsx';
import type { passesEn } from './texts-en.ts';

export interface PassCodeProps {
  /** What the code says. */
  readonly text: string;
  /** Of the site. */
  readonly name: string;
  readonly timeZone: string;
  readonly gates: readonly string[];
  readonly address: string | null;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly maxUses: number;
}

/** Most characters that one code holds. */
const mostCharacters = 970;

/** A pass as a visitor holds it, on a phone or on paper. */
export function PassCode({
  text,
  name,
  timeZone,
  gates,
  address,
  notBefore,
  notAfter,
  maxUses,
}: PassCodeProps) {
  const { t, language } = usePageTexts<typeof passesEn>();
  const named = gates.join(', ');
  if (text.length > mostCharacters)
    return (
      <p className="problem" role="alert">
        {t('passes.tooLong')}
      </p>
    );
  return (
    <section className="print-sheet" aria-label={t('passes.one')} data-testid="pass-sheet">
      <p className="print-title">{name}</p>
      <QrPicture text={text} label={t('passes.codeLabel', { gates: named })} />
      <p className="print-title">{named}</p>
      {address === null ? null : <p>{address}</p>}
      <p>
        {t('passes.linkedPeriod', {
          from: absoluteTime(notBefore, timeZone, language),
          until: absoluteTime(notAfter, timeZone, language),
        })}
      </p>
      <p>{t('passes.linkedUses', { count: maxUses })}</p>
    </section>
  );
}
