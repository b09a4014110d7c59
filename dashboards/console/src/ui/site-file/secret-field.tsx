import { useId } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import type { drawingEn } from './drawing-texts-en.ts';
import { EntryMistakes, useEntry } from './entry-fields.tsx';
import { entriesOf, type Fields, fieldsOf, nameIn, type Path, textOf, valueAt } from './file-value.ts';

export interface SecretFieldProps {
  /** Where the file names it: `connect.password`. */
  readonly at: Path;
  readonly label: string;
  /** What is typed and not yet kept. It goes to the server once, and is shown to nobody afterwards. */
  readonly typed: string;
  readonly onType: (value: string) => void;
  readonly required?: boolean;
  /** The site file: it says whether the gateway of the device is one that the server runs itself. */
  readonly file: Fields;
}

/** A password or key: the file holds its name alone. */
export function SecretField({ at, label, typed, onType, required = false, file }: SecretFieldProps) {
  const { t, language } = usePageTexts<typeof drawingEn>();
  const { value } = useEntry();
  const id = useId();
  const name = textOf(fieldsOf(valueAt(value, at)).secret);
  const gateway = entriesOf(file.gateways).find((one) => one.id === value.gateway);
  const isElsewhere = gateway !== undefined && gateway.local !== true;
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <input
        className="field-input"
        id={id}
        type="password"
        value={typed}
        autoComplete="new-password"
        maxLength={1024}
        required={required && name === ''}
        aria-describedby={`${id}-more ${id}-wrong`}
        onChange={({ target }) => onType(target.value)}
        data-testid={`secret-${at.join('-')}`}
      />
      <small className="muted" id={`${id}-more`}>
        {name === '' ? t('site.secretNew') : t('site.secretKept', { name })}
      </small>
      {isElsewhere && (
        <div className="notice" data-testid="secret-elsewhere">
          <p>{t('site.secretElsewhere', { gateway: nameIn(gateway, language) })}</p>
          <code className="mono">
            {`install -D -m 600 /dev/stdin identity/secrets/${name || `${textOf(file.id)}.${secretNameOf(textOf(value.id), at.slice(1))}`}`}
          </code>
        </div>
      )}
      <EntryMistakes at={at} id={`${id}-wrong`} />
    </div>
  );
}

/** The name under which the secret of a device is kept; the server puts the site before it. */
export const secretNameOf = (device: string, part: Path): string =>
  `${device.replaceAll(/[^A-Za-z0-9_-]/g, '')}-${part.join('-')}`.slice(-32).replace(/^[^A-Za-z0-9]+/, '');
