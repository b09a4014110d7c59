import type { ListedPass } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { AskFirst } from '../../ui/ask-first.tsx';
import type { passesEn } from './texts-en.ts';

export interface HeldPassesProps {
  readonly ask: Ask;
  readonly passes: readonly ListedPass[];
  /** Sites on which the person may confirm. */
  readonly issuing: readonly string[];
  readonly onConfirmed: () => Promise<void>;
}

/** Most that one request confirms. */
const atOnce = 100;

/** Passes out of a backup, which no gate takes: what that means, and how they become good again. */
export function HeldPasses({ ask, passes, issuing, onConfirmed }: HeldPassesProps) {
  const { t } = usePageTexts<typeof passesEn>();
  const held = passes.filter(({ state }) => state === 'held');
  const mine = held.filter(({ site }) => issuing.includes(site)).map(({ id }) => id);
  if (held.length === 0) return null;
  const confirm = async () => {
    for (let from = 0; from < mine.length; from += atOnce)
      await call(ask, 'POST /passes/confirm', { body: { ids: mine.slice(from, from + atOnce) } });
    await onConfirmed();
  };
  const isOne = passes.length === 1;
  return (
    <div className="notice managed-stack" data-testid="passes-held">
      <p>{t('passes.heldText', { count: held.length })}</p>
      {mine.length > 0 && (
        <AskFirst
          button={t(isOne ? 'passes.confirm' : 'passes.confirmShown')}
          testId="passes-confirm"
          title={t(isOne ? 'passes.confirm' : 'passes.confirmShown')}
          text={t(isOne ? 'passes.confirmText' : 'passes.confirmShownText')}
          danger={false}
          onConfirm={confirm}
        />
      )}
    </div>
  );
}
