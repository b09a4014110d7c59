import { errorRegistry } from '../errors/error-registry.ts';

/** `docs/reference/errors.md`: one row per code. */
export function errorReference(): string {
  const rows = Object.entries(errorRegistry).map(
    ([code, { status, summary, action }]) => `| \`${code}\` | ${status} | ${summary} | ${action} |`,
  );
  return [
    '# Error codes',
    '',
    'Generated from `contracts/src/errors/`; do not edit. A code never changes its meaning and is never used again.',
    '',
    '| code | HTTP | what was wrong | what to do |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
