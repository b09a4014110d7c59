import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { consolePolicy } from '../policy.ts';
import { useTexts } from '../texts/texts.tsx';

export interface ShownOnceProps {
  readonly label: string;
  /** A secret that nobody can ask for again. */
  readonly value: string;
  readonly testId: string;
  /** What to do with it. */
  readonly children?: ReactNode;
  readonly onDone: () => void;
}

/** A secret that is shown this once, to be copied. */
export function ShownOnce({ label, value, testId, children, onDone }: ShownOnceProps) {
  const { t } = useTexts();
  const [copied, setCopied] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const section = useRef<HTMLElement>(null);
  const note = useId();
  // It takes the place of what was pressed.
  useEffect(() => {
    const timer = setTimeout(() => section.current?.focus(), consolePolicy.focusAfterMs + 1);
    return () => clearTimeout(timer);
  }, []);
  async function copy() {
    field.current?.select();
    // Without a clipboard (no secure page, or refused) it is at least marked.
    await navigator.clipboard?.writeText(value).then(
      () => setCopied(true),
      () => undefined,
    );
  }
  return (
    <section
      className="notice shown-once"
      ref={section}
      tabIndex={-1}
      aria-label={label}
      data-testid={testId}
    >
      <p id={note}>
        <b>{t('manage.shownOnce')}</b>
      </p>
      {children}
      <label className="field">
        <span className="field-label">{label}</span>
        <textarea
          ref={field}
          className="field-input mono"
          readOnly
          rows={Math.min(12, value.split('\n').length + 2)}
          value={value}
          aria-describedby={note}
          data-testid={`${testId}-value`}
        />
      </label>
      <div className="steps-row">
        <button type="button" className="button" onClick={() => void copy()} data-testid={`${testId}-copy`}>
          {t('manage.copy')}
        </button>
        <button
          type="button"
          className="button"
          onClick={({ currentTarget }) => {
            currentTarget.closest<HTMLElement>('main')?.focus();
            onDone();
          }}
          data-testid={`${testId}-done`}
        >
          {t('manage.stored')}
        </button>
      </div>
      <p role="status" className="muted">
        {copied ? t('manage.copied') : ''}
      </p>
    </section>
  );
}
