import { WatchpostError } from '@watchpost/contracts/errors';

/**
 * A whole number given on the command line.
 * @throws WatchpostError `config.invalid` with the option
 */
export function wholeNumber(path: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= min && value <= max) return value;
  throw new WatchpostError('config.invalid', {
    path,
    details: { expected: `a whole number, ${min} to ${max}` },
  });
}
