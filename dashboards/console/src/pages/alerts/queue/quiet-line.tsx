import type { AlertCounts } from '@watchpost/contracts/api';
import type { QueueFilter } from '../../../routes/queue-filter.ts';
import { usePageTexts } from '../../../texts/texts.tsx';
import { LineSign, signPaths } from '../../../ui/signs.tsx';
import type { queueEn } from './texts-en.ts';

const reasons = ['silence', 'inhibition', 'flapping', 'snooze'] as const;

export interface QuietLineProps {
  readonly quiet: NonNullable<AlertCounts['quiet']>;
  readonly filter: QueueFilter;
  readonly onFilter: (filter: QueueFilter) => void;
}

/** How many alerts nobody is told of, and why; they are shown, hidden, or shown alone. */
export function QuietLine({ quiet, filter, onFilter }: QuietLineProps) {
  const { t, number } = usePageTexts<typeof queueEn>();
  const count = reasons.reduce((all, kind) => all + quiet[kind], 0);
  if (count === 0) return null;
  const why = reasons
    .filter((kind) => quiet[kind] > 0)
    .map((kind) => t(`queue.why.${kind}`, { number: number(quiet[kind]) }))
    .join(t('list.separator'));
  const said = { hidden: 'queue.hidden', only: 'queue.onlyQuiet', shown: 'queue.quiet' } as const;
  const { quiet: now = 'shown', ...rest } = filter;
  return (
    <p className="queue-line queue-quiet" data-testid="quiet-line" data-count={count}>
      <span>
        <LineSign path={signPaths.soundOff} />
        {t(said[now], { count, why })}
      </span>
      <span>
        {now === 'shown' ? (
          <>
            <Choice id="quiet-hide" onPress={() => onFilter({ ...rest, quiet: 'hidden' })}>
              {t('queue.hide')}
            </Choice>
            <Choice id="quiet-only" onPress={() => onFilter({ ...rest, quiet: 'only' })}>
              {t('queue.only')}
            </Choice>
          </>
        ) : (
          <Choice id="quiet-all" onPress={() => onFilter(rest)}>
            {t('queue.show')}
          </Choice>
        )}
      </span>
    </p>
  );
}

function Choice(props: { readonly id: string; readonly children: string; readonly onPress: () => void }) {
  return (
    <button type="button" className="button button-quiet" data-testid={props.id} onClick={props.onPress}>
      {props.children}
    </button>
  );
}
