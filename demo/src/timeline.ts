/** What crosses the picture, from `fromS` to `toS` seconds after the start of the clip. */
export interface Crossing {
  readonly who: string;
  readonly fromS: number;
  readonly toS: number;
}

export const clipSeconds = 20;
export const clipFps = 12;
export const clipWidth = 640;
export const clipHeight = 480;

/** One round of the demo: the watch-list candidate first, so that the first alert comes early. */
export const timeline: readonly Crossing[] = [
  { who: 'demo-watch-entry', fromS: 0.4, toS: 3.4 },
  { who: 'stranger-1', fromS: 4, toS: 6.6 },
  { who: 'forged-pass', fromS: 7, toS: 9 },
  { who: 'stranger-2', fromS: 9.6, toS: 12.2 },
  { who: 'demo-access-entry', fromS: 12.6, toS: 15.2 },
  { who: 'valid-pass', fromS: 15.6, toS: 17.4 },
  { who: 'stranger-3', fromS: 17.6, toS: 19.8 },
];

/** Whoever is in the picture `timeS` seconds into the clip, and how far across: 0 = entering, 1 = leaving. */
export function onScreen(timeS: number): readonly { readonly who: string; readonly progress: number }[] {
  return timeline
    .filter(({ fromS, toS }) => timeS >= fromS && timeS < toS)
    .map(({ who, fromS, toS }) => ({ who, progress: (timeS - fromS) / (toS - fromS) }));
}

/** Left edge and top edge in pixels of a sprite that walks from left to right with a slight bob. */
export function walk(progress: number, sprite: { width: number; height: number }): { x: number; y: number } {
  const x = Math.round(-sprite.width * 0.4 + progress * (clipWidth - sprite.width * 0.2));
  const bob = Math.round(4 * Math.sin(progress * Math.PI * 8));
  return { x, y: clipHeight - sprite.height + 6 + bob };
}

/** A pass is held in front of the camera: up, still, and down again. */
export function hold(progress: number, sprite: { width: number; height: number }): { x: number; y: number } {
  const raise = Math.min(1, progress / 0.2, (1 - progress) / 0.2);
  const restingY = (clipHeight - sprite.height) / 2;
  return {
    x: Math.round((clipWidth - sprite.width) / 2),
    y: Math.round(clipHeight - raise * (clipHeight - restingY)),
  };
}
