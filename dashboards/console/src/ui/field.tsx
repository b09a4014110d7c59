import type { InputHTMLAttributes, TextareaHTMLAttributes } from 'react';

export interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  /** Of the input. */
  readonly 'data-testid'?: string;
  /** What helps to fill it in; read out with it. */
  readonly hint?: string;
}

/** An input of a form with its label. */
export function Field({ label, hint, ...input }: FieldProps) {
  return (
    <label className="field">
      <span className="field-label">{label}</span>
      <input className="field-input" {...input} />
      {hint !== undefined && <small className="muted">{hint}</small>}
    </label>
  );
}

/** A box to tick, with its label behind it. */
export function TickField({ label, ...input }: Omit<FieldProps, 'hint' | 'type'>) {
  return (
    <label className="choice">
      <input type="checkbox" {...input} />
      {label}
    </label>
  );
}

export interface LongFieldProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  readonly label: string;
  /** Of the field. */
  readonly 'data-testid'?: string;
}

/** A field for some sentences, with its label. */
export function LongField({ label, ...area }: LongFieldProps) {
  return (
    <label className="field">
      <span className="field-label">{label}</span>
      <textarea className="field-input" rows={2} {...area} />
    </label>
  );
}
