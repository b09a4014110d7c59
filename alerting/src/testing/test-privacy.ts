import { type SitePrivacy, sitePrivacySchema } from '@watchpost/contracts/site';

/** The gate camera of the test site looks for faces, with a record; the other camera has none. */
export const testPrivacy: SitePrivacy = sitePrivacySchema.parse({
  records: [
    {
      cameras: ['cam1'],
      purpose: 'people who were told to stay away',
      assessment: { reference: 'DPIA-7', approvedBy: 'R. Ito', approvedAt: '2026-01-10T20:00:00.000Z' },
      noticeSign: { place: 'left of the gate', checkedAt: '2026-01-10T08:00:00.000Z' },
      notPrivate: true,
    },
  ],
  cameras: [
    { id: 'cam1', name: { en: 'Gate', 'zh-CN': '大门' }, zone: 'gate', faces: true },
    { id: 'cam2', name: { en: 'Yard', 'zh-CN': '院子' }, zone: 'gate', faces: false },
  ],
  policy: {},
});
