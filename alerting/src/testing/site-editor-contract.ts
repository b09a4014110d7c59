import { siteFileViewSchema, sitePlanSchema } from '@watchpost/contracts/api';
import { ruleSetFileSchema } from '@watchpost/contracts/site';
import { type SiteId, siteIdSchema } from '@watchpost/contracts/wire';
import { expect, test } from 'vitest';
import type { SiteEditor } from '../site-editing/site-editor.ts';

/** A site whose file has a time zone and two devices, and no mistakes. */
export interface ContractEditor {
  readonly editor: SiteEditor;
  readonly site: SiteId;
}

/** What every {@link SiteEditor} keeps to. Opens one anew for each test. */
export function siteEditorContract(open: () => Promise<ContractEditor>): void {
  test('a plan says what would come of a change, and writes nothing', async () => {
    const { editor, site } = await open();
    const before = siteFileViewSchema.parse(await editor.read(site));
    expect(before).toMatchObject({ site, inForce: true, mistakes: [] });
    const change = { basedOn: before.digest, edits: [{ path: ['timeZone'], value: 'Europe/Berlin' }] };
    const plan = sitePlanSchema.parse(await editor.plan(site, change));
    expect(plan).toMatchObject({ outcome: 'applies', mistakes: [], changes: { alerting: true } });
    expect(await editor.read(site)).toEqual(before);
  });

  test('a change is there when it is read, and one from the version before is refused', async () => {
    const { editor, site } = await open();
    const { digest } = await editor.read(site);
    const to = (value: string) => ({ basedOn: digest, edits: [{ path: ['timeZone'], value }] });
    const applied = await editor.apply(site, to('Europe/Berlin'));
    const after = await editor.read(site);
    expect(after.digest).toBe(applied.digest);
    expect(after.value?.timeZone).toBe('Europe/Berlin');
    await expect(editor.apply(site, to('Europe/Paris'))).rejects.toMatchObject({
      code: 'site.changed_meanwhile',
    });
    await expect(editor.plan(site, to('Europe/Paris'))).rejects.toMatchObject({
      code: 'site.changed_meanwhile',
    });
    expect(await editor.read(site)).toEqual(after);
  });

  test('a device with a mistake is written, and told; the same kind of mistake elsewhere is not', async () => {
    const { editor, site } = await open();
    const { digest } = await editor.read(site);
    const broken = { basedOn: digest, edits: [{ path: ['timeZone'], value: 'Mars' }] };
    expect(await editor.plan(site, broken)).toMatchObject({
      ...{ outcome: 'refused', changes: null },
      mistakes: [{ code: 'site.format', path: '/timeZone', section: 'timeZone' }],
    });
    await expect(editor.apply(site, broken)).rejects.toMatchObject({
      ...{ code: 'site.edit_refused', path: '/timeZone' },
    });
    expect((await editor.read(site)).digest).toBe(digest);
    const off = { basedOn: digest, edits: [{ path: ['devices', 1, 'kind'], value: 'smok' }] };
    const applied = await editor.apply(site, off);
    expect(applied.mistakes).toMatchObject([{ code: 'site.not_listed', section: 'devices' }]);
    expect((await editor.read(site)).mistakes).toEqual(applied.mistakes);
  });

  test('all edits are made, in their order, or none', async () => {
    const { editor, site } = await open();
    const { digest } = await editor.read(site);
    const edits = [
      { path: ['timeZone'], value: 'Europe/Berlin' },
      { path: ['timeZone'], value: 'Mars' },
    ];
    await expect(editor.apply(site, { basedOn: digest, edits })).rejects.toMatchObject({
      code: 'site.edit_refused',
    });
    await editor.apply(site, { basedOn: digest, edits: edits.toReversed() });
    expect((await editor.read(site)).value?.timeZone).toBe('Europe/Berlin');
  });

  test('a secret is named and never shown; one that is not of the site is not named', async () => {
    const { editor, site } = await open();
    const { secret } = await editor.keepSecret(site, 'camera-9', 'correct horse');
    expect(secret.startsWith(`${site}.`)).toBe(true);
    const before = await editor.read(site);
    expect(before.secrets).toContain(secret);
    const naming = (name: string) => ({
      basedOn: before.digest,
      edits: [{ path: ['devices', 0, 'connect'], value: { driver: 'rtsp', password: { secret: name } } }],
    });
    await expect(editor.apply(site, naming('database'))).rejects.toMatchObject({
      code: 'site.secret_of_others',
    });
    await editor.apply(site, naming(secret));
    const after = await editor.read(site);
    expect(JSON.stringify(after.value)).toContain(secret);
    expect(JSON.stringify(after)).not.toContain('correct horse');
  });

  test('rules are written, and named by the site file; not over those that somebody else put into force', async () => {
    const { editor, site } = await open();
    const rules = ruleSetFileSchema.parse({ version: 1, extends: 'wp-1', context: { zone: 9 } });
    const { ruleSet } = await editor.writeRules(site, { basedOn: 'wp-1', name: 'nights', rules });
    expect(ruleSet).toMatch(/^nights@[0-9a-f]{12}$/);
    expect((await editor.read(site)).value).toMatchObject({ policy: { risk: { ruleSet: 'nights' } } });
    await expect(
      editor.writeRules(site, { basedOn: 'days@000000000000', name: 'nights', rules }),
    ).rejects.toMatchObject({ code: 'site.changed_meanwhile' });
  });

  test('a site that does not run here is none', async () => {
    const { editor } = await open();
    await expect(editor.read(siteIdSchema.parse('elsewhere'))).rejects.toMatchObject({
      code: 'api.not_found',
    });
  });
}
