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
 * How long the cameras hold still before one is hung up on: longer than a decoder is silent about what it
 * read, and shorter than a gateway waits for the next word of a camera.
 */
const stillMs = 1500;

/**
 * Eight cameras of one gateway; the address of one is changed in the site file and `watchpost apply` given.
 * Lost frames: what the other seven cameras sent and the gateway did not read, more than before. Before and
 * after, those seven hold still for a moment, so that nothing is on its way when it is counted; the eighth is
 * hung up on meanwhile, so that the gateway says its state.
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
    const states: GatewayState[] = [];
    const areWell = ({ devices }: GatewayState) =>
      devices.filter(({ status, readings }) => status === 'ok' && readings > 0).length ===
      untouched.length + 1;
    /** Of each untouched camera, what was sent and not read. @param other what the eighth plays */
    const unread = async (other: string) => {
      for (const id of untouched) cameras.paused.add(id);
      await new Promise((resolve) => setTimeout(resolve, stillMs));
      states.length = 0;
      cameras.hangUp(other);
      await waitFor('a state', () => states.length > 0, stateWithinMs);
      const read = new Map<string, number>(states[0]?.devices.map((each) => [each.device, each.readings]));
      cameras.paused.clear();
      return untouched.map((id) => (sent.get(id) ?? 0) - (read.get(id) ?? 0));
    };
    try {
      server.init();
      for (const id of [...untouched, changed])
        server.add('camera', id, ['--url', cameras.url(id)], ['faces=false', 'codes=false', 'fps=25']);
      const listener = await server.states(await server.up(), 'gw-1', (state) => states.push(state));
      await waitFor('eight cameras', () => states.some(areWell), stateWithinMs);
      const before = await unread(changed);
      await waitFor('eight cameras again', () => states.some(areWell), stateWithinMs);
      say(`applying; not read so far: ${before.join(' ')}`);
      const began = performance.now();
      server.edit((text) => text.replace(cameras.url(changed), cameras.url('moved')));
      server.run('apply', server.folder);
      await waitFor('the changed camera', () => (sent.get('moved') ?? 0) > 0, stateWithinMs);
      const applyS = (performance.now() - began) / 1000;
      // Whatever of the old connections would be lost late is lost by then.
      await waitFor('some pictures of it', () => (sent.get('moved') ?? 0) > 5 * cameraFps, stateWithinMs);
      const after = await unread('moved');
      await listener.endAsync();
      say(`not read in the end: ${after.join(' ')}`);
      const lost = untouched.map((_, i) => Math.max(0, (after[i] ?? 0) - (before[i] ?? 0)));
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
