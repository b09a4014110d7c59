import type { InputHTMLAttributes } from 'react';

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
