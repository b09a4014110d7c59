import { oidcSchema } from '@watchpost/contracts/site';
import { describe, expect, it } from 'vitest';
import { claimedName, claimedScopes } from './claimed-scopes.ts';

const section = (change: object = {}) => ({
  issuer: 'https://login.example',
  clientId: 'watchpost',
  secret: 'oidc.client',
  label: { en: 'Staff', 'zh-CN': '员工账户' },
  roles: {
    claim: 'groups',
    mapping: [
      { value: 'leads', site: 'yard', role: 'supervisor' },
      { value: 'guards', site: 'yard', role: 'officer', zones: ['gate'] },
      { value: 'guards', site: 'mill', role: 'viewer' },
      { value: 'it', site: '*', role: 'integrator' },
    ],
  },
  ...change,
});
const { roles } = oidcSchema.parse(section());

describe('the roles that a claim gives', () => {
  it('are of the first rule of each site that fits', () => {
    expect(claimedScopes({ groups: ['guards', 'leads'] }, roles)).toEqual([
      { site: 'yard', role: 'supervisor', zones: null },
      { site: 'mill', role: 'viewer', zones: null },
    ]);
    expect(claimedScopes({ groups: 'guards' }, roles)[0]).toEqual({
      ...{ site: 'yard', role: 'officer', zones: ['gate'] },
    });
  });

  it.each([
    [{}],
    [{ groups: [] }],
    [{ groups: ['Guards'] }],
    [{ groups: 7 }],
    [{ groups: [{ value: 'it' }] }],
    [{ role: 'it' }],
  ])('are none for %j, and nobody gets in without', (claims) =>
    expect(() => claimedScopes(claims, roles)).toThrow(
      expect.objectContaining({ code: 'account.oidc_no_role' }),
    ),
  );
});

it('a name that nobody could type is none', () => {
  expect(claimedName({ preferred_username: 'ana' }, 'preferred_username')).toBe('ana');
  for (const preferred_username of [undefined, '', ' ana', 'a\u0000b', 7, 'x'.repeat(65)])
    expect(() => claimedName({ preferred_username }, 'preferred_username')).toThrow(
      expect.objectContaining({ code: 'account.oidc_claim' }),
    );
});

describe('the settings of a provider', () => {
  it.each([
    'http://login.example',
    'https://user@login.example',
    'https://login.example/?x=1',
    'https://login.example/#x',
    'ftp://login.example',
    'login.example',
  ])('%s is no issuer', (issuer) => {
    expect(oidcSchema.safeParse(section({ issuer })).success).toBe(false);
  });

  it.each(['https://login.example/realms/site', 'http://127.0.0.1:9000', 'http://localhost:9000'])(
    '%s is one',
    (issuer) => {
      expect(oidcSchema.safeParse(section({ issuer })).success).toBe(true);
    },
  );

  it('a secret is named, never written down, and zones are of one site', () => {
    expect(oidcSchema.safeParse(section({ secret: 'p@ss word' })).success).toBe(false);
    const mapping = [{ value: 'guards', site: '*', role: 'officer', zones: ['gate'] }];
    expect(oidcSchema.safeParse(section({ roles: { claim: 'groups', mapping } })).success).toBe(false);
  });
});
