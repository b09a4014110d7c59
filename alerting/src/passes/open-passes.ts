import type { AlertingOptions } from '../config.ts';
import type { Governance } from '../governance/governance.ts';
import type { ConfiguredSite } from '../site-context.ts';
import type { Queryable } from '../store/schema.ts';
import type { Teardown } from '../teardown.ts';
import { readKeyRings, ringSigner } from './issuer-rings.ts';
import { servePassUses } from './pass-use-socket.ts';
import { Passes } from './passes.ts';

/** Passes of all sites, and what counts their uses. */
export async function openPasses(
  { passKeys, passSocket }: AlertingOptions,
  configured: readonly ConfiguredSite[],
  {
    db,
    nowMs,
    governance,
  }: { readonly db: Queryable; readonly nowMs: () => number; readonly governance: Governance },
  teardown: Teardown,
): Promise<Passes> {
  const signer = ringSigner(passKeys === undefined ? new Map() : readKeyRings(passKeys));
  if (passSocket !== undefined) {
    const sites = new Map(configured.map(({ site: { id } }) => [id as string, id]));
    const socket = await servePassUses(passSocket, { db, nowMs, sites });
    teardown.add(() => socket.stop());
  }
  return new Passes({
    ...{ db, nowMs, signer },
    sites: new Map(
      configured.map(({ site, options }) => [
        site.id,
        { name: site.name, timeZone: site.timeZone, gates: options.gates ?? [] },
      ]),
    ),
    refusedOthers: (site) => governance.passesChanged(site),
  });
}
