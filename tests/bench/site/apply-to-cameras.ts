import type { GatewayState } from '@watchpost/contracts/wire';
import { RtspServer } from '../../../edge-agent/src/testing/rtsp/rtsp-server.ts';
import { OwnServer } from '../../support/own-server.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { FieldBench } from '../field/field-bench.ts';
import { cameraFps, movingScene } from './moving-camera.ts';

const untouched = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7'] as const;
const changed = 'c8';
const stateWithinMs = 120_000;

/**
 * Eight cameras of one gateway; the address of one is changed in the site file and `watchpost apply` given.
 * Lost frames: what the other seven cameras sent and the gateway did not read, more than before. A state is
 * said now and then, and pictures are on their way meanwhile, so the least difference before and after
 * counts.
 */
export const applyToCameras: FieldBench = {
  name: 'apply',
  figures: ['apply_lost_frames', 'apply_s'],
  async run(say) {
    const server = new OwnServer('house');
    const sent = new Map<string, number>();
    const cameras = new RtspServer({
      onPicture: (stream) => void sent.set(stream, (sent.get(stream) ?? 0) + 1),
    });
    const bytes = await movingScene();
    for (const id of [...untouched, changed, 'moved'])
      cameras.streams.set(id, { codec: 'h264', fps: cameraFps, bytes });
    await cameras.start();
    /** Of each untouched camera, what was sent and not yet read, at each state. */
    const behind: ReadonlyMap<string, number>[] = [];
    const note = ({ devices }: GatewayState) => {
      const read = new Map<string, number>(devices.map(({ device, readings }) => [device, readings]));
      behind.push(new Map(untouched.map((id) => [id, (sent.get(id) ?? 0) - (read.get(id) ?? 0)])));
    };
    try {
      server.init();
      for (const id of [...untouched, changed])
        server.add('camera', id, ['--url', cameras.url(id)], ['faces=false', 'codes=false', 'fps=25']);
      const states: GatewayState[] = [];
      const listener = await server.states(await server.up(), 'gw-1', (state) => {
        states.push(state);
        note(state);
      });
      const areWell = ({ devices }: GatewayState) =>
        devices.filter(({ status, readings }) => status === 'ok' && readings > 0).length ===
        untouched.length + 1;
      await waitFor('eight cameras', () => states.some(areWell), stateWithinMs);
      behind.length = 0;
      await waitFor('two states', () => behind.length >= 2, stateWithinMs);
      const before = behind.splice(0);
      say(`applying after ${before.length} states`);
      const began = performance.now();
      server.edit((text) => text.replace(cameras.url(changed), cameras.url('moved')));
      server.run('apply', server.folder);
      await waitFor('the changed camera', () => (sent.get('moved') ?? 0) > 0, stateWithinMs);
      const applyS = (performance.now() - began) / 1000;
      behind.length = 0;
      await waitFor('two states', () => behind.length >= 2, stateWithinMs);
      await listener.endAsync();
      const least = (of: readonly ReadonlyMap<string, number>[], id: string) =>
        Math.min(...of.map((each) => each.get(id) ?? Number.POSITIVE_INFINITY));
      const lost = untouched.map((id) => Math.max(0, least(behind, id) - least(before, id)));
      return [
        {
          figure: 'apply_lost_frames',
          value: lost.reduce((a, b) => a + b, 0),
          unit: 'frames',
          n: lost.length,
        },
        { figure: 'apply_s', value: applyS, unit: 's', n: 1 },
      ];
    } finally {
      await server.remove();
      await cameras.stop();
    }
  },
};
