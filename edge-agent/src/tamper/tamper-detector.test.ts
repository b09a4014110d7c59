import { expect, test } from 'vitest';
import { gridColumns, gridRows } from './cell-grid.ts';
import { CoveredLens } from './covered-lens.ts';
import { FrozenPicture } from './frozen-picture.ts';
import { TamperDetector, type TamperEpisode } from './tamper-detector.ts';

const limits = { lostAfterMs: 30_000, frozenAfterMs: 20_000, coveredAfterMs: 15_000 };
const scene = Float32Array.from({ length: gridColumns * gridRows }, (_, i) => (i % 7 < 3 ? 40 : 160));
const nothing = new Float32Array(gridColumns * gridRows).fill(90);

function watch(more: Partial<typeof limits> = {}, open: readonly TamperEpisode[] = []) {
  let now = 5000;
  let digest = 0;
  const parts = { frozen: new FrozenPicture(), covered: new CoveredLens() };
  const detector = new TamperDetector({ ...limits, ...more }, parts, now, open);
  const said: string[] = [];
  const note = (changes: ReturnType<TamperDetector['tick']>) => {
    for (const each of changes)
      said.push(
        [
          each.change,
          each.kind,
          each.reason,
          each.change === 'ended' ? Math.round(each.durationMs / 1000) : '',
        ]
          .join(' ')
          .trim(),
      );
  };
  const pass = (seconds: number, picture?: () => readonly [number, Float32Array]) => {
    for (const end = now + seconds * 1000; now < end; ) {
      now += 250;
      note(detector.tick(now));
      if (picture) note(detector.picture(...picture(), now));
    }
  };
  return {
    said,
    live: (seconds: number) => pass(seconds, () => [++digest, scene]),
    frozen: (seconds: number) => pass(seconds, () => [digest, scene]),
    covered: (seconds: number) => pass(seconds, () => [++digest, nothing]),
    gone: (seconds: number) => pass(seconds),
  };
}

test('a camera that loses its picture says so once, and once that it is back, with how long it was away', () => {
  const { said, live, gone } = watch();
  live(10);
  gone(29);
  expect(said).toEqual([]);
  gone(300);
  live(10);
  expect(said).toEqual(['began video_loss lost', 'ended video_loss lost 329']);
});

test('a camera that never gave a picture since the start is lost too', () => {
  const { said, gone } = watch();
  gone(31);
  expect(said).toEqual(['began video_loss lost']);
});

test('a picture that repeats for its limit is frozen, and the loss that follows is the same episode', () => {
  const { said, live, frozen, gone } = watch();
  live(5);
  frozen(19);
  live(5);
  expect(said).toEqual([]);
  frozen(30);
  gone(60);
  frozen(10);
  live(5);
  expect(said).toEqual(['began video_loss frozen', 'ended video_loss frozen 100']);
});

test('a lens that is covered, and one that is covered while the picture is lost for a moment', () => {
  const { said, live, covered, gone } = watch();
  live(20);
  covered(20);
  gone(40);
  covered(5);
  live(5);
  expect(said.map((text) => text.replace(/ \d+$/, ''))).toEqual([
    'began cover flat',
    'began video_loss lost',
    'ended video_loss lost',
    'ended cover flat',
  ]);
});

test('what was told before a restart is ended when the camera is seen to be well, and not told again', () => {
  const before = (kind: 'video_loss' | 'cover', reason: 'lost' | 'frozen' | 'flat') => [
    { kind, reason, sinceMs: -95_000 },
  ];
  const lost = watch({}, before('video_loss', 'lost'));
  lost.gone(60);
  lost.live(5);
  expect(lost.said).toEqual(['ended video_loss lost 160']);

  const frozen = watch({}, before('video_loss', 'frozen'));
  frozen.frozen(60);
  expect(frozen.said).toEqual([]);
  frozen.live(1);
  expect(frozen.said).toEqual(['ended video_loss frozen 160']);

  const cover = watch({}, before('cover', 'flat'));
  cover.covered(60);
  expect(cover.said).toEqual([]);
  cover.live(5);
  expect(cover.said).toEqual(['ended cover flat 160']);
});

test('a limit of 0 switches it off', () => {
  const { said, live, frozen, covered, gone } = watch({
    lostAfterMs: 0,
    frozenAfterMs: 0,
    coveredAfterMs: 0,
  });
  live(5);
  frozen(100);
  covered(100);
  gone(100);
  expect(said).toEqual([]);
});
