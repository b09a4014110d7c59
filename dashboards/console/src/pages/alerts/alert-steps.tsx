import type { Alert, AlertState } from '@watchpost/contracts/alert';
import type { AlertDetail, TransitionRequest } from '@watchpost/contracts/api';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { ApiProblem } from '../../api/ask.ts';
import type { ConsoleApi } from '../../api/console-api.ts';
import { newId } from '../../api/new-id.ts';
import { LoadFailure } from '../../manage/load-failure.tsx';
import { problemText } from '../../texts/problem-text.ts';
import { useTexts } from '../../texts/texts.tsx';
import { type AlertAction, actionsFor, changesBetween, targetOf } from './alert-actions.ts';

// Of dialogs there is much code: it is loaded when somebody opens the first one.
const ResolveDialog = lazy(async () => ({ default: (await import('./resolve-dialog.tsx')).ResolveDialog }));

export interface AlertStepsProps {
  readonly api: ConsoleApi;
  readonly alert: Alert;
  readonly mayDecide: boolean;
  readonly onChanged: (detail: AlertDetail) => void;
  /** The person has led the alert on. */
  readonly onTaken: (alert: Alert) => void;
}

type Wish = Omit<TransitionRequest, 'id' | 'version'>;

/** What was refused because the alert had changed: how it was when the button was pressed, and how it is. */
interface Stale {
  readonly seen: Alert;
  readonly now: Alert;
}

/**
 * Sends steps with the version that was on the screen. A step that failed keeps its id, so that trying the
 * same again cannot happen twice at the server.
 */
function useStep({
  api,
  alert,
  onChanged,
  onTaken,
}: Pick<AlertStepsProps, 'api' | 'alert' | 'onChanged' | 'onTaken'>) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [stale, setStale] = useState<Stale | null>(null);
  const failed = useRef<{ readonly id: string; readonly wish: string }>(undefined);
  async function take(wish: Wish): Promise<boolean> {
    const { version } = alert;
    const text = JSON.stringify({ ...wish, version });
    const id = failed.current?.wish === text ? failed.current.id : newId();
    failed.current = { id, wish: text };
    setBusy(true);
    setProblem(null);
    setStale(null);
    try {
      const detail = await api.transition(alert.id, { id, version, ...wish });
      onChanged(detail);
      if (wish.to !== undefined) onTaken(detail.alert);
      failed.current = undefined;
      return true;
    } catch (failure) {
      setProblem(failure);
      // Somebody else may have moved it on: show where it stands.
      const detail = await api.alert(alert.id).catch(() => undefined);
      if (detail) onChanged(detail);
      if (detail && failure instanceof ApiProblem && failure.code === 'alert.stale') {
        setStale({ seen: alert, now: detail.alert });
      }
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { busy, problem, stale, take };
}

/** Why a step was refused; when the alert had changed, what is no longer as it was on the screen. */
function useRefusal(problem: unknown, stale: Stale | null): string {
  const texts = useTexts();
  if (problem === null) return '';
  const valueText = (what: string, value: string) => texts.maybe(`${what}.${value}`) ?? '–';
  const changes = (stale ? changesBetween(stale.seen, stale.now) : []).map(
    ({ what, from, to }) =>
      `${texts.t(`changed.${what}`)}: ${valueText(what, from)} → ${valueText(what, to)}`,
  );
  return [problemText(texts, problem), ...changes].join(' ');
}

/**
 * A step takes away the button that was pressed; without this, whoever works by keyboard would be thrown back
 * to the top of the page. Two frames later, because a closing dialog first gives the focus back to what
 * opened it.
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
export function AlertSteps({ api, alert, mayDecide, onChanged, onTaken }: AlertStepsProps) {
  const { t } = useTexts();
  const { busy, problem, stale, take } = useStep({ api, alert, onChanged, onTaken });
  const refusal = useRefusal(problem, stale);
  const [asking, setAsking] = useState<'resolve' | 'correct' | null>(null);
  const { steps, pressed } = useFocusOnNextStep(alert.state, asking !== null);
  const actions = actionsFor(alert.state);
  const press = (action: AlertAction) => {
    if (busy) return;
    pressed.current = true;
    if (action === 'resolve' || action === 'correct') setAsking(action);
    else void take({ to: targetOf[action] });
  };
  return (
    <section className="steps" ref={steps} tabIndex={-1} aria-label={t('action.label')}>
      <p className="problem" role="alert" data-testid="step-problem">
        {asking === null ? refusal : ''}
      </p>
      {alert.state === 'closed' && <p className="muted">{t('action.finished')}</p>}
      {alert.state !== 'closed' && !mayDecide && <p className="muted">{t('action.readOnly')}</p>}
      {mayDecide && (
        <div className="steps-row">
          {actions.map((action, index) => (
            <Button
              key={action}
              className={
                index === 0 && targetOf[action] !== undefined && action !== 'reopen'
                  ? 'button button-primary'
                  : 'button'
              }
              data-testid={`alert-${action}`}
              data-pending={busy || undefined}
              onPress={() => press(action)}
            >
              {t(`action.${action}`)}
            </Button>
          ))}
        </div>
      )}
      {asking !== null && (
        <LoadFailure>
          <Suspense>
            <ResolveDialog
              alert={alert}
              purpose={asking}
              busy={busy}
              problem={refusal}
              onCancel={() => setAsking(null)}
              onResolve={async (wish) => {
                const to = targetOf[asking];
                if (await take({ ...(to === undefined ? {} : { to }), ...wish })) setAsking(null);
              }}
            />
          </Suspense>
        </LoadFailure>
      )}
    </section>
  );
}
