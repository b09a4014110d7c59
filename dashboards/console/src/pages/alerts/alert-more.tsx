import type { Alert } from '@watchpost/contracts/alert';
import type { Site } from '@watchpost/contracts/site';
import { isServerFault } from '../../texts/alert-texts.ts';
import { durationText } from '../../texts/duration-text.ts';
import { useTexts } from '../../texts/texts.tsx';

/** Longest text of a stranger that is shown. */
const wordsAtMost = 500;

/**
 * What somebody wrote, as plain text: without control characters, and short enough to leave the rest of the
 * page in place.
 */
function plainWords(words: unknown): string {
  if (typeof words !== 'string') return '';
  return words
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, wordsAtMost);
}

/**
 * What the alert is about beyond its title: somebody’s words, the line, the fault, how long it lasted, and
 * what to do.
 */
export function AlertMore({ alert, site }: { readonly alert: Alert; readonly site: Site | null }) {
  const texts = useTexts();
  const { t, maybe, language } = texts;
  const { text, line, error, durationMs, capped } = alert.details;
  const words = plainWords(text);
  const lineName = site?.lines?.find(({ id }) => id === line)?.name[language] ?? line;
  // What there is to do about a gateway is nothing to do about the server: its error says that.
  const instruction = isServerFault(alert) ? undefined : maybe(`instruction.${alert.eventType}`);
  return (
    <div className="alert-more">
      {words !== '' && (
        <blockquote data-testid="report-words">
          <bdi>{words}</bdi>
        </blockquote>
      )}
      {line !== undefined && <p data-testid="alert-line">{t('detail.line', { line: String(lineName) })}</p>}
      {typeof error === 'string' && <p data-testid="alert-error">{maybe(`error.${error}`) ?? error}</p>}
      {typeof durationMs === 'number' && (
        <p>{t('detail.lasted', { duration: durationText(texts, durationMs) })}</p>
      )}
      {typeof capped === 'number' && (
        <p data-testid="alert-capped">{t('detail.capped', { count: capped })}</p>
      )}
      {instruction && <p data-testid="alert-instruction">{t('detail.instruction', { instruction })}</p>}
    </div>
  );
}
