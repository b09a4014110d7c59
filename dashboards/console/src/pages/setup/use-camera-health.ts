import { call } from '@watchpost/contracts/client';
import type { DeviceHealth } from '@watchpost/contracts/wire';
import { useEffect, useState } from 'react';
import type { Ask } from '../../api/ask.ts';

/** Between two looks. */
const lookEveryMs = 2_000;

/** Asks again and again, as long as the page shows it. What fails is tried again: the service may restart. */
export function useLooking(look: () => Promise<void>): void {
  useEffect(() => {
    let isShown = true;
    let timer: ReturnType<typeof setTimeout>;
    const again = async () => {
      await look().catch(() => undefined);
      if (isShown) timer = setTimeout(() => void again(), lookEveryMs);
    };
    void again();
    return () => {
      isShown = false;
      clearTimeout(timer);
    };
  }, [look]);
}

/** How a camera is, as its gateway said last; null: it has said nothing yet. */
export function useCameraHealth(ask: Ask, site: string, camera: string): DeviceHealth | null {
  const [health, setHealth] = useState<DeviceHealth | null>(null);
  const [look] = useState(() => async () => {
    const { gateways } = await call(ask, 'GET /gateways');
    const all = gateways.filter((gateway) => gateway.site === site && gateway.status === 'online');
    setHealth(all.flatMap(({ devices }) => devices).find(({ device }) => device === camera) ?? null);
  });
  useLooking(look);
  return health;
}
