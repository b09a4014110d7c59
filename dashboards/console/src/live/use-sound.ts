import { useCallback, useEffect, useState } from 'react';
import type { Announcement } from './announcements.ts';
import { soundChime } from './chime.ts';
import { recall, remember } from './remembered.ts';

/** Sounds critical alerts unless this browser was told to be quiet. */
export function useSound(announcement: Announcement | null): readonly [boolean, () => void] {
  const [on, setOn] = useState(() => recall('sound') !== 'off');
  // biome-ignore lint/correctness/useExhaustiveDependencies: switching the sound on must not sound an old alert
  useEffect(() => {
    if (on && announcement?.urgent) void soundChime();
  }, [announcement]);
  const toggle = useCallback(() => {
    remember('sound', on ? 'off' : 'on');
    setOn(!on);
  }, [on]);
  return [on, toggle];
}
