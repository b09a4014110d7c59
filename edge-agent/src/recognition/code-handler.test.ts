import {
  generateHolderKey,
  generateIssuerKey,
  issuePass,
  presentPass,
  publicPart,
  RedemptionLedger,
} from '@watchpost/passes';
import { expect, test } from 'vitest';
import { CodeHandler } from './code-handler.ts';

const issuer = generateIssuerKey();
const holder = generateHolderKey();
const pass = issuePass(
  { iss: 'house', jti: 'visit-1', aud: ['gate'], nbf: 1, exp: 9000, maxUses: 3, cnf: holder.publicKey },
  issuer,
);

function handlerWith(
  ledger: RedemptionLedger | null,
  { timeUnknown = false, listExpired = false, revoked = [] as readonly string[] } = {},
) {
  return new CodeHandler({
    issuers: [publicPart(issuer)],
    audience: 'gate',
    clockSkewMs: 0,
    holdMs: 1000,
    timeUnknown: () => timeUnknown,
    revoked: () => new Set(revoked),
    listExpired: () => listExpired,
    redeem: ledger && (({ claims, proof }) => ledger.redeem(claims, proof)),
  });
}

test('a phone that is still held there when its proof changes uses the pass once', async () => {
  const ledger = new RedemptionLedger();
  const gate = handlerWith(ledger);
  const said = await Promise.all(
    [29_400, 29_900, 30_400, 30_900].map(
      async (atMs) => (await gate.read(presentPass(pass, holder, atMs), atMs))?.type,
    ),
  );
  expect(said).toEqual(['watchpost.pass.accepted.v1', undefined, undefined, undefined]);
  expect(ledger.entries()).toMatchObject([{ uses: 1 }]);
  // Held up anew, with a fresh proof: a second use.
  expect((await gate.read(presentPass(pass, holder, 61_000), 61_000))?.type).toBe(
    'watchpost.pass.accepted.v1',
  );
  expect(ledger.entries()).toMatchObject([{ uses: 2 }]);
});

test('a picture of the screen that is shown at another gate of the same gateway is refused', async () => {
  const ledger = new RedemptionLedger();
  const shown = presentPass(pass, holder, 10_000);
  expect((await handlerWith(ledger).read(shown, 10_000))?.type).toBe('watchpost.pass.accepted.v1');
  expect(await handlerWith(ledger).read(shown, 12_000)).toMatchObject({
    type: 'watchpost.pass.rejected.v1',
    data: { reason: 'replayed', jti: 'visit-1' },
  });
});

test('a gateway that does not count accepts the pass each time it is shown', async () => {
  const gate = handlerWith(null);
  for (const atMs of [10_000, 20_000]) {
    expect((await gate.read(presentPass(pass, holder, atMs), atMs))?.type).toBe('watchpost.pass.accepted.v1');
  }
});

test('while nobody knows the time no pass is judged or counted, and a forged one is still known as such', async () => {
  const ledger = new RedemptionLedger();
  const gate = handlerWith(ledger, { timeUnknown: true });
  // Long over by this clock, and not begun by that one: neither is believed.
  for (const atMs of [500, 5_000_000, 90_000_000]) {
    expect(await gate.read(presentPass(pass, holder, 0), atMs)).toMatchObject({
      type: 'watchpost.pass.rejected.v1',
      data: { reason: 'clock_unknown', jti: 'visit-1' },
    });
  }
  expect(ledger.entries()).toEqual([]);
  const forged = issuePass(
    { iss: 'house', jti: 'visit-2', aud: ['gate'], nbf: 1, exp: 9000, maxUses: 1 },
    generateIssuerKey(),
  );
  expect(await gate.read(forged, 10_000)).toMatchObject({ data: { reason: 'unknown_key' } });
});

test('by a list of withdrawn passes that is too old nobody is let in, and no use is counted', async () => {
  const ledger = new RedemptionLedger();
  const shown = presentPass(pass, holder, 10_000);
  expect(await handlerWith(ledger, { listExpired: true }).read(shown, 10_000)).toMatchObject({
    type: 'watchpost.pass.rejected.v1',
    data: { reason: 'list_expired', jti: 'visit-1' },
  });
  expect(ledger.entries()).toEqual([]);
  // What is known of it, however old, is said.
  const withdrawn = handlerWith(ledger, { listExpired: true, revoked: ['visit-1'] });
  expect(await withdrawn.read(shown, 10_000)).toMatchObject({ data: { reason: 'revoked' } });
});

test.each([2, 0])('a part of a text, of %d, is never judged as a whole pass', async (partOf) => {
  const gate = handlerWith(null);
  expect(await gate.read(presentPass(pass, holder, 5000), 5000, partOf)).toBeNull();
  expect(gate.unknownCodes).toMatchObject({ counts: { part: 1 } });
});
