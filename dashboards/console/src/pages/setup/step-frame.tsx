import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { usePageTexts } from '../../texts/texts.tsx';
import type { Action } from '../../ui/use-action.ts';
import { type SetupStep, setupSteps } from './setup-steps.ts';
import type { setupEn } from './texts-en.ts';

export interface StepFrameProps {
  readonly step: SetupStep;
  readonly action: Action;
  readonly onBack: (() => void) | null;
  /** What the step does when somebody goes on; it leads on itself. */
  readonly onSubmit: () => Promise<void>;
  /** What the button says, where it is not “Go on”. */
  readonly label?: string;
  /** Forms of their own, before that of the step. */
  readonly above?: ReactNode;
  readonly children?: ReactNode;
}

/** One step: what it is, why it asks, and the ways on, back and out. */
export function StepFrame({ step, action, onBack, onSubmit, label, above, children }: StepFrameProps) {
  const { t } = usePageTexts<typeof setupEn>();
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each step
  useEffect(() => heading.current?.focus(), [step]);
  const at = setupSteps.indexOf(step) + 1;
  const of = { number: at, count: setupSteps.length };
  function submit(event: FormEvent) {
    event.preventDefault();
    void action.run(onSubmit);
  }
  return (
    <section className="setup-step" data-testid="setup-step" data-step={step}>
      <div className="setup-progress">
        <progress max={of.count} value={at} aria-label={t('setup.progress', of)} />
        <span className="muted">{t('setup.progress', of)}</span>
      </div>
      <h2 ref={heading} tabIndex={-1}>
        {t(`setup.${step}`)}
      </h2>
      <p className="setup-why">{t(`setup.why.${step}`)}</p>
      {above}
      <form className="setup-form" onSubmit={submit}>
        {children}
        <p className="problem" role="alert" data-testid="setup-problem">
          {action.problem}
        </p>
        <div className="setup-buttons">
          <button
            type="submit"
            className="button button-primary"
            data-pending={action.busy || undefined}
            data-testid="setup-next"
          >
            {action.busy ? t('setup.busy') : (label ?? t('setup.next'))}
          </button>
          {onBack && (
            <button type="button" className="button" onClick={onBack} data-testid="setup-back">
              {t('setup.back')}
            </button>
          )}
          <Link className="button button-quiet" href="/" data-testid="setup-leave">
            {t('setup.leave')}
          </Link>
        </div>
      </form>
    </section>
  );
}
