import type { FileMistake } from '@watchpost/contracts/api';
import { createContext, type ReactNode, useContext, useId } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { isWithin, pointerOf } from './edits-between.ts';
import type { siteFileEn } from './file-texts-en.ts';
import { type Fields, type Path, textOf, valueAt, withValue } from './file-value.ts';
import { mistakeText } from './mistakes.tsx';

interface Entry {
  readonly value: Fields;
  readonly set: (value: Fields) => void;
  /** Where the entry stands in the file, as a JSON pointer. */
  readonly pointer: string;
  readonly mistakes: readonly FileMistake[];
}

const EntryContext = createContext<Entry | null>(null);

/** The fields of an entry of the site file: each shows what stands at its path, and what is wrong there. */
export function EntryFields({ children, ...entry }: Entry & { readonly children: ReactNode }) {
  return <EntryContext value={entry}>{children}</EntryContext>;
}

export function useEntry(): Entry {
  const entry = useContext(EntryContext);
  if (!entry) throw new Error('useEntry outside EntryFields');
  return entry;
}

/** What is wrong at a path of the entry, or below it. */
export function EntryMistakes({ at, id }: { readonly at: Path; readonly id?: string }) {
  const texts = usePageTexts<typeof siteFileEn>();
  const { mistakes, pointer } = useEntry();
  const here = pointer + pointerOf(at);
  const own = mistakes.filter(({ path }) => isWithin(path, here));
  if (own.length === 0) return null;
  return (
    <small className="problem" id={id} data-testid={`mistake-${at.join('-')}`}>
      {own.map((mistake) => mistakeText(texts, mistake)).join(' ')}
    </small>
  );
}

export interface EntryFieldProps {
  /** Within the entry. */
  readonly at: Path;
  readonly label: string;
  readonly hint?: string;
}

interface TextProps extends EntryFieldProps {
  readonly kind?: 'text' | 'number' | 'date';
  readonly required?: boolean;
  readonly placeholder?: string;
  readonly step?: number;
  readonly least?: number;
  readonly most?: number;
  /** What may be chosen; anything else may be typed. */
  readonly offered?: readonly string[];
  /** What else follows from a change, beside the value itself. */
  readonly also?: (value: Fields, text: string) => Fields;
}

/** A text, a number or a day of the calendar. Empty: it does not stand in the file. */
export function EntryText(props: TextProps) {
  const { at, label, hint, kind = 'text', required, placeholder, step, least, most, offered, also } = props;
  const { value, set, mistakes, pointer } = useEntry();
  const id = useId();
  const isWrong = mistakes.some(({ path }) => isWithin(path, pointer + pointerOf(at)));
  const change = (text: string) => {
    const next = text === '' ? undefined : kind === 'number' ? Number(text) : text;
    const changed = withValue(value, at, next);
    set(also ? also(changed, text) : changed);
  };
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <input
        className="field-input"
        id={id}
        type={kind}
        value={textOf(valueAt(value, at))}
        {...{ required, placeholder, step: step ?? (kind === 'number' ? 'any' : undefined) }}
        min={least}
        max={most}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        list={offered ? `${id}-offered` : undefined}
        aria-invalid={isWrong || undefined}
        aria-describedby={`${id}-more ${id}-wrong`}
        onChange={({ target }) => change(target.value)}
        data-testid={`field-${at.join('-')}`}
      />
      {offered && (
        <datalist id={`${id}-offered`}>
          {offered.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
      {hint !== undefined && (
        <small className="muted" id={`${id}-more`}>
          {hint}
        </small>
      )}
      <EntryMistakes at={at} id={`${id}-wrong`} />
    </div>
  );
}

interface ChoiceProps extends EntryFieldProps {
  readonly choices: readonly { readonly value: string | number | boolean; readonly text: string }[];
  /** The first choice, for what does not stand in the file. */
  readonly none?: string;
  readonly also?: (value: Fields, text: string) => Fields;
}

/** One of some values. */
export function EntryChoice({ at, label, hint, choices, none, also }: ChoiceProps) {
  const { value, set, mistakes, pointer } = useEntry();
  const id = useId();
  const found = valueAt(value, at);
  const shown = found === undefined || found === null ? '' : String(found);
  const isKnown = shown === '' || choices.some((choice) => String(choice.value) === shown);
  const change = (text: string) => {
    const next = choices.find((choice) => String(choice.value) === text)?.value;
    const changed = withValue(value, at, next);
    set(also ? also(changed, text) : changed);
  };
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <select
        className="field-input"
        id={id}
        value={shown}
        aria-invalid={mistakes.some(({ path }) => isWithin(path, pointer + pointerOf(at))) || undefined}
        aria-describedby={`${id}-more ${id}-wrong`}
        onChange={({ target }) => change(target.value)}
        data-testid={`field-${at.join('-')}`}
      >
        {(none !== undefined || shown === '') && <option value="">{none ?? ''}</option>}
        {!isKnown && <option value={shown}>{shown}</option>}
        {choices.map((choice) => (
          <option key={String(choice.value)} value={String(choice.value)}>
            {choice.text}
          </option>
        ))}
      </select>
      {hint !== undefined && (
        <small className="muted" id={`${id}-more`}>
          {hint}
        </small>
      )}
      <EntryMistakes at={at} id={`${id}-wrong`} />
    </div>
  );
}

interface CheckProps extends EntryFieldProps {
  /** What holds where nothing stands in the file. */
  readonly usual?: boolean;
}

/** Yes or no. */
export function EntryCheck({ at, label, hint, usual = false }: CheckProps) {
  const { value, set } = useEntry();
  const found = valueAt(value, at);
  return (
    <div className="field">
      <label className="choice">
        <input
          type="checkbox"
          checked={typeof found === 'boolean' ? found : usual}
          onChange={({ target }) => set(withValue(value, at, target.checked))}
          data-testid={`field-${at.join('-')}`}
        />
        {label}
      </label>
      {hint !== undefined && <small className="muted">{hint}</small>}
      <EntryMistakes at={at} />
    </div>
  );
}

/** Some of some values. */
export function EntryChecks({ at, label, hint, choices }: ChoiceProps) {
  const { value, set } = useEntry();
  const found = valueAt(value, at);
  const chosen: readonly unknown[] = Array.isArray(found) ? found : [];
  return (
    <fieldset className="choices">
      <legend>{label}</legend>
      {choices.map(({ value: one, text }) => (
        <label className="choice" key={String(one)}>
          <input
            type="checkbox"
            checked={chosen.includes(one)}
            onChange={({ target }) =>
              set(
                withValue(
                  value,
                  at,
                  target.checked ? [...chosen, one] : chosen.filter((other) => other !== one),
                ),
              )
            }
            data-testid={`field-${at.join('-')}-${one}`}
          />
          {text}
        </label>
      ))}
      {hint !== undefined && <small className="muted">{hint}</small>}
      <EntryMistakes at={at} />
    </fieldset>
  );
}

/** A name in both languages of the product; where one is left empty it is called as in the other. */
export function EntryName({ label, labelEn }: { readonly label: string; readonly labelEn: string }) {
  const { language } = usePageTexts<typeof siteFileEn>();
  const fields = [
    <EntryText key="zh-CN" at={['name', 'zh-CN']} label={label} required={language === 'zh-CN'} />,
    <EntryText key="en" at={['name', 'en']} label={labelEn} required={language === 'en'} />,
  ];
  return <>{language === 'zh-CN' ? fields : fields.toReversed()}</>;
}

/** The entry with its name in both languages, where it has one in one of them. */
export function withBothNames(value: Fields): Fields {
  const chinese = textOf(valueAt(value, ['name', 'zh-CN'])).trim();
  const english = textOf(valueAt(value, ['name', 'en'])).trim();
  if (chinese === '' && english === '') return value;
  return { ...value, name: { 'zh-CN': chinese || english, en: english || chinese } };
}
