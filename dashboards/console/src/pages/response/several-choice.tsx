export interface SeveralChoiceProps {
  readonly label: string;
  /** The field of the form. */
  readonly name: string;
  readonly options: readonly { readonly id: string; readonly name: string }[];
  readonly chosen: readonly string[];
}

/** Any number of these, each with its own box. */
export function SeveralChoice({ label, name, options, chosen }: SeveralChoiceProps) {
  return (
    <fieldset className="response-choice" data-testid={`choice-${name}`}>
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option.id}>
          <input type="checkbox" name={name} value={option.id} defaultChecked={chosen.includes(option.id)} />
          {option.name}
        </label>
      ))}
    </fieldset>
  );
}

/** What was chosen; null for none. */
export const severalOf = (fields: FormData, name: string): string[] => fields.getAll(name).map(String);
