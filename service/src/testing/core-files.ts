import { readFileSync } from 'node:fs';

/**
 * Whoever started us may have forbidden core files for good: then nobody can allow them to a program under
 * test.
 */
export const mayAllowCores = (): boolean =>
  !/^Max core file size\s+\S+\s+0\s/m.test(readFileSync('/proc/self/limits', 'utf8'));
