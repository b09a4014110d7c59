import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entryIdSchema, siteIdSchema } from '@watchpost/contracts/wire';
import { createFacePipeline, openModelSet } from '@watchpost/inference';
import { cropPhoto, sampleFrame } from '@watchpost/inference/testing/sample-photos';
import { pino } from 'pino';
import { EnrolmentSocket } from '../../../alerting/src/governance/enrolment/enrolment-socket.ts';
import type { FieldBench } from '../field/field-bench.ts';
import { percentile } from '../figure.ts';

const rounds = 5;
const entry = fileURLToPath(new URL('../../../enrolment/src/main.ts', import.meta.url));

/** A photo as a phone sends it, twelve megapixels, of a face of the sample photos. */
async function phonePhoto(): Promise<Uint8Array> {
  const models = await openModelSet();
  const frame = await sampleFrame(6);
  const [face] = await createFacePipeline(models).analyse(frame);
  await models.close();
  if (!face) throw new Error('no face in the sample photo');
  return cropPhoto(frame, face.box, 0.5, (image) => image.resize(3464, 3464));
}

/**
 * `enrol_s`: from the request to the kept template of one photo, the start of the process included, the
 * slowest of five. `enrol_warm_s`: the same while the process runs.
 */
export const enrolPhoto: FieldBench = {
  name: 'enrol',
  figures: ['enrol_s', 'enrol_warm_s'],
  async run(say) {
    const photo = await phonePhoto();
    const site = siteIdSchema.parse('bench');
    const times: Record<'cold' | 'warm', number[]> = { cold: [], warm: [] };
    const data = mkdtempSync(join(tmpdir(), 'enrol-bench-'));
    try {
      for (let round = 0; round < rounds; round++) {
        const enroller = new EnrolmentSocket(
          { entry, folder: join(data, 'enrolment'), socket: join(data, 'enrolment.sock') },
          pino({ level: 'silent' }),
        );
        for (const which of ['cold', 'warm'] as const) {
          const begun = performance.now();
          const made = await enroller.enrol(site, entryIdSchema.parse(`${which}-${round}`), [photo]);
          times[which].push((performance.now() - begun) / 1000);
          if (made.used !== 1) throw new Error(`not enrolled: ${made.refused[0]?.code}`);
        }
        await enroller.stop();
        say(`enrolment ${round + 1} of ${rounds}`);
      }
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
    return [
      { figure: 'enrol_s', value: percentile(times.cold, 1), unit: 's', n: rounds },
      { figure: 'enrol_warm_s', value: percentile(times.warm, 1), unit: 's', n: rounds },
    ];
  },
};
