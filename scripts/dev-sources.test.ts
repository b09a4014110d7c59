import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isSourceOfServices, servicePackages } from './dev-sources.ts';

it.each(['src/index.ts', 'src/http/server.ts', 'profiles/generic-smoke.json', 'src\\http\\server.ts'])(
  'a change of %s starts the site anew',
  (path) => expect(isSourceOfServices(path)).toBe(true),
);

it.each([
  'src/http/api.test.ts',
  'src/decoders.fuzz.ts',
  'src/testing/test-site.ts',
  'src/bench/main.ts',
  'README.md',
  'package.json',
  'src/.api.ts.swp',
])('a change of %s does not', (path) => expect(isSourceOfServices(path)).toBe(false));

it('every package that is watched is there', () => {
  expect(servicePackages).toEqual(expect.arrayContaining(['contracts', 'hardware', 'edge-agent', 'cli']));
  expect(servicePackages).not.toContain('dashboards/console');
  expect(servicePackages.filter((name) => !existsSync(new URL(`../${name}/src`, import.meta.url)))).toEqual(
    [],
  );
});
