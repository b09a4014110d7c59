import type { PermitContent } from '@watchpost/contracts/lists';
import { entryIdSchema, siteIdSchema } from '@watchpost/contracts/wire';
import { expect, test } from 'vitest';
import type { PermitSource } from '../governance/permit-file.ts';

/** {@link PermitSource} in memory. */
export class FakePermits implements PermitSource {
  readonly published = new Map<string, PermitContent>();
  readonly records = new Map<string, Awaited<ReturnType<PermitSource['record']>>>();

  async publish(site: string, content: PermitContent): Promise<void> {
    this.published.set(site, structuredClone(content));
  }
  async last(site: string): Promise<PermitContent | undefined> {
    return this.published.get(site);
  }
  async record(site: string) {
    return this.records.get(site);
  }
}

/** What every {@link PermitSource} keeps to. */
export function permitContract(open: () => PermitSource): void {
  const [north, south] = [siteIdSchema.parse('north'), siteIdSchema.parse('south')];
  test('what was published last holds, of each site its own', async () => {
    const permits = open();
    expect([await permits.last(north), await permits.record(north)]).toEqual([undefined, undefined]);
    const content: PermitContent = {
      gallery: 'a'.repeat(64),
      withdrawn: [entryIdSchema.parse('one')],
      erase: [{ entry: entryIdSchema.parse('two'), since: '2026-11-27T00:00:00.000Z' }],
      revokedPasses: [],
    };
    await permits.publish(north, { ...content, gallery: null });
    await permits.publish(north, content);
    expect(await permits.last(north)).toEqual(content);
    expect(await permits.last(south)).toBeUndefined();
  });
}
