import type { Alert, AlertDetail, AlertState, TransitionRequest } from '@watchpost/contracts';
import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import type { ConsoleApi } from '../api/console-api.ts';
import { newId } from '../api/new-id.ts';
import { type AlertAction, actionsFor, targetOf } from '../domain/alert-actions.ts';
import { useTexts } from '../texts/texts.tsx';
import { problemText } from './problem-text.ts';
import { ResolveDialog } from './resolve-dialog.tsx';

export interface AlertStepsProps {
  readonly api: ConsoleApi;
  readonly alert: Alert;
  readonly mayDecide: boolean;
  readonly onChanged: (detail: AlertDetail) => void;
}

type Wish = Omit<TransitionRequest, 'id' | 'version'>;

/** Sends steps. A step that failed keeps its id, so that trying the same again cannot happen twice at the server. */
function useStep({ api, alert, onChanged }: Pick<AlertStepsProps, 'api' | 'alert' | 'onChanged'>) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const failed = useRef<{ readonly id: string; readonly wish: string }>(undefined);
  async function take(wish: Wish): Promise<boolean> {
    const { version } = alert;
    const text = JSON.stringify({ ...wish, version });
    const id = failed.current?.wish === text ? failed.current.id : newId();
    failed.current = { id, wish: text };
    setBusy(true);
    setProblem(null);
    try {
      onChanged(await api.transition(alert.id, { id, version, ...wish }));
      failed.current = undefined;
      return true;
    } catch (failure) {
      setProblem(failure);
      // Somebody else may have moved it on: show where it stands.
      await api.alert(alert.id).then(onChanged, () => undefined);
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { busy, problem, take };
}

/**
 * A step takes away the button that was pressed; without this, whoever works by keyboard would be thrown back to the
 * top of the page. Two frames later, because a closing dialog first gives the focus back to what opened it.
 */
function useFocusOnNextStep(state: AlertState, isDialogOpen: boolean) {
  const steps = useRef<HTMLElement>(null);
  const pressed = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new state brings new buttons
  useEffect(() => {
    if (isDialogOpen || !pressed.current) return;
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        if (document.activeElement !== document.body) return;
        (steps.current?.querySelector('button') ?? steps.current)?.focus();
      });
    });
    return () => cancelAnimationFrame(frame);
  }, [state, isDialogOpen]);
  return { steps, pressed };
}

/** The next steps, the usual one first and strongest. */
export function AlertSteps({ api, alert, mayDecide, onChanged }: AlertStepsProps) {
  const texts = useTexts();
  const { t } = texts;
  const { busy, problem, take } = useStep({ api, alert, onChanged });
  const [resolving, setResolving] = useState(false);
  const { steps, pressed } = useFocusOnNextStep(alert.state, resolving);
  const actions = actionsFor(alert.state);
  const press = (action: AlertAction) => {
    pressed.current = true;
    if (action === 'resolve') setResolving(true);
    else void take({ to: targetOf[action] });
  };
  return (
    <section className="steps" ref={steps} tabIndex={-1} aria-label={t('action.label')}>
      <p className="problem" role="alert" data-testid="step-problem">
        {problem === null || resolving ? '' : problemText(texts, problem)}
      </p>
      {actions.length === 0 && <p className="muted">{t('action.finished')}</p>}
      {actions.length > 0 && !mayDecide && <p className="muted">{t('action.readOnly')}</p>}
      {mayDecide && (
        <div className="steps-row">
          {actions.map((action, index) => (
            <Button
              key={action}
              className={index === 0 ? 'button button-primary' : 'button'}
              data-testid={`alert-${action}`}
              isPending={busy}
              onPress={() => press(action)}
            >
              {t(`action.${action}`)}
            </Button>
          ))}
        </div>
      )}
      <ResolveDialog
        alert={alert}
        isOpen={resolving}
        busy={busy}
        problem={problem}
        onCancel={() => setResolving(false)}
        onResolve={async (wish) => {
          if (await take({ to: 'resolved', ...wish })) setResolving(false);
        }}
      />
    </section>
  );
}
