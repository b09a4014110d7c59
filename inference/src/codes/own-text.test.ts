import { describe, expect, it } from 'vitest';
import { addressTextIn, passTextIn } from './own-text.ts';

const pass = 'WP1:6BFOXN*TS0BI$ZD.P9UOL97O4-2HH77HRM3DSPTLRR+%3 C';
const fullWidth = [...pass]
  .map((letter) => (letter === ' ' ? '\u3000' : String.fromCharCode(letter.charCodeAt(0) + 0xfee0)))
  .join('');

describe('a pass is found in what readers make of it', () => {
  it.each([
    ['as it is', pass],
    ['with an AIM identifier', `]Q1${pass}`],
    ['between STX and ETX', `\u0002${pass}\u0003`],
    ['with a prefix before the AIM identifier', `GATE-]Q1${pass}`],
    ['with a prefix behind it', `]Q1#${pass}`],
    ['with blanks before it', `  \t${pass}`],
    ['with a byte order mark', `\ufeff${pass}`],
    ['with line ends', `${pass}\r\n`],
    ['in full-width letters', fullWidth],
    ['in small letters', pass.toLowerCase()],
  ])('%s', (_, raw) => expect(passTextIn(raw)).toBe(pass));

  it('and nothing that only talks of one', () => {
    for (const raw of [
      'my pass is WP1:ABC',
      'https://example.org/WP1:ABC',
      ']Q1',
      '',
      'WP2:ABC',
      'x'.repeat(20) + pass,
    ])
      expect(passTextIn(raw)).toBeNull();
  });
});

it('a web address loses its frame and its identifier, other texts lose nothing', () => {
  expect(addressTextIn(' \u0002]Q1https://example.org/a/1 \u0003')).toBe('https://example.org/a/1');
  expect(addressTextIn('\u0002hello \u0003')).toBe('\u0002hello \u0003');
});
