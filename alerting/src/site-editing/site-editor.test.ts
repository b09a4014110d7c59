import { siteIdSchema } from '@watchpost/contracts/wire';
import { describe } from 'vitest';
import { FakeSiteEditor } from '../testing/fake-site-editor.ts';
import { siteEditorContract } from '../testing/site-editor-contract.ts';

describe('the fake', () => {
  siteEditorContract(async () => {
    const site = siteIdSchema.parse('test');
    const devices = [
      { id: 'cam', kind: 'camera' },
      { id: 'smoke', kind: 'smoke' },
    ];
    return { editor: new FakeSiteEditor(site, { timeZone: 'Asia/Shanghai', devices }), site };
  });
});
