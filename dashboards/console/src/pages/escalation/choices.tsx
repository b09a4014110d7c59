/** A value and what it is called. */
export type Choice = readonly [value: string, label: string];

export interface ChoicesProps {
  readonly label: string;
  readonly hint?: string;
  readonly choices: readonly Choice[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: string[]) => void;
  readonly testId: string;
}

/** Several of some, each a box to tick; in the order in which they are offered. */
export function Choices({ label, hint, choices, chosen, onChange, testId }: ChoicesProps) {
  if (choices.length === 0) return null;
  return (
    <fieldset className="escalation-targets">
      <legend className="field-label">{label}</legend>
      {choices.map(([value, text]) => (
        <label key={value}>
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={({ target }) =>
              onChange(
                choices.flatMap(([one]) =>
                  (one === value ? target.checked : chosen.includes(one)) ? [one] : [],
                ),
              )
            }
            data-testid={`${testId}-${value}`}
          />
          {text}
        </label>
      ))}
      {hint !== undefined && <small className="muted">{hint}</small>}
    </fieldset>
  );
}
