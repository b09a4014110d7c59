import type { OwnPosition } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { useAction } from '../../ui/use-action.ts';

/** Why no position can be sent from here: the page is no secure one, or the browser has none, or may not. */
export type PositionHindrance = 'insecure' | 'browser' | 'denied';

/** Seconds between two positions that are sent, at least: walking, nobody gets far meanwhile. */
const sendEverySeconds = 20;

/** Null: it can be asked for one. */
export function positionHindrance(): PositionHindrance | null {
  if (window.isSecureContext === false) return 'insecure';
  return 'geolocation' in navigator ? null : 'browser';
}

/** Switches the sending of the own position, and does it while it is on and the page is open. */
export function usePosition(ask: Ask, site: string) {
  const of = useMemo(() => ({ query: { site } }), [site]);
  const [own, setOwn] = useState<OwnPosition | null>(null);
  const [hindrance, setHindrance] = useState<PositionHindrance | null>(positionHindrance);
  const action = useAction();
  const { run } = action;
  const sentAtMs = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    void run(async () => setOwn(await call(ask, 'GET /response/position', of)));
  }, [ask, of, run]);
  const isOn = own !== null && own.consentedAt !== null && hindrance === null;
  useEffect(() => {
    if (!isOn) return;
    const watch = navigator.geolocation.watchPosition(
      ({ coords: { latitude, longitude, accuracy } }) => {
        const nowMs = performance.now();
        if (nowMs - sentAtMs.current < sendEverySeconds * 1000) return;
        sentAtMs.current = nowMs;
        const body = { latitude, longitude, accuracyM: Math.min(100_000, Math.max(0, accuracy)) };
        // Whoever is off duty by now is told by the next look; what was lost on the way is sent again.
        void call(ask, 'PUT /response/position', { ...of, body })
          .then(setOwn)
          .catch(() => call(ask, 'GET /response/position', of).then(setOwn))
          .catch(() => undefined);
      },
      ({ code }) => {
        if (code !== 1) return;
        setHindrance('denied');
        void call(ask, 'DELETE /response/position', of)
          .then(setOwn)
          .catch(() => undefined);
      },
      { enableHighAccuracy: true, maximumAge: 10_000 },
    );
    return () => navigator.geolocation.clearWatch(watch);
  }, [isOn, ask, of]);
  const turn = useCallback(
    (on: boolean) =>
      run(async () => {
        sentAtMs.current = Number.NEGATIVE_INFINITY;
        if (on) setHindrance(positionHindrance());
        setOwn(
          on
            ? await call(ask, 'POST /response/position/consent', { ...of, body: { consent: true } })
            : await call(ask, 'DELETE /response/position', of),
        );
      }),
    [ask, of, run],
  );
  return { own, isOn, hindrance, turn, action };
}
