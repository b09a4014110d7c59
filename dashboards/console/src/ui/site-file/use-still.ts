import { useEffect, useState } from 'react';
import { type Action, useAction } from '../use-action.ts';
import { stillOf } from './still-of.ts';

/** A picture of a camera as long as the page shows it. */
export interface Still {
  /** Its address; null while there is none. */
  readonly url: string | null;
  /** How wide it is by its height. */
  readonly aspect: number;
  readonly action: Action;
  readonly take: (reason: string) => Promise<boolean>;
}

const usualAspect = 16 / 9;

export function useStill(site: string, camera: string, still = stillOf): Still {
  const action = useAction();
  const [picture, setPicture] = useState<{ readonly url: string; readonly aspect: number } | null>(null);
  useEffect(() => () => void (picture && URL.revokeObjectURL(picture.url)), [picture]);
  return {
    url: picture?.url ?? null,
    aspect: picture?.aspect ?? usualAspect,
    action,
    take: (reason) =>
      action.run(async () => {
        const url = URL.createObjectURL(await still(site, camera, reason));
        setPicture({ url, aspect: await aspectOf(url) });
      }),
  };
}

async function aspectOf(url: string): Promise<number> {
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
  } catch {
    return usualAspect;
  }
  return image.naturalWidth / (image.naturalHeight || 1) || usualAspect;
}
