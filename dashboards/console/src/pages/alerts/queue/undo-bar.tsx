import { createPortal } from 'react-dom';
import { usePageTexts } from '../../../texts/texts.tsx';
import { useAction } from '../../../ui/use-action.ts';
import type { queueEn } from './texts-en.ts';
import type { Undoable } from './use-undo.ts';

export interface UndoBarProps {
  readonly last: Undoable | null;
  /** Somebody is at it. */
  readonly hold: () => void;
  readonly letGo: () => void;
  readonly onEnd: () => void;
}

/** Says what was just done, and takes it back when somebody presses; above whatever is shown. */
export function UndoBar({ last, hold, letGo, onEnd }: UndoBarProps) {
  const { t } = usePageTexts<typeof queueEn>();
  const action = useAction();
  return createPortal(
    <div className="undo-bar" role="status" data-testid="undo-bar">
      {last && (
        <>
          <span>{last.said}</span>
          <button
            type="button"
            className="button"
            data-testid="undo"
            data-pending={action.busy || undefined}
            onFocus={hold}
            onBlur={letGo}
            onClick={() =>
              void action.run(last.undo).then((isDone) => {
                if (isDone) onEnd();
              })
            }
          >
            {t('queue.undo')}
          </button>
          {action.problem !== '' && <span className="problem">{action.problem}</span>}
        </>
      )}
    </div>,
    document.body,
  );
}
