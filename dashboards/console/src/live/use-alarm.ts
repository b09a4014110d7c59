import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { consolePolicy } from '../policy.ts';
import { AlarmSchedule, type AlarmState } from './alarm-schedule.ts';
import { recall, remember, whenRemembered } from './remembered.ts';
import { SoundOutput, type SoundState } from './sound-output.ts';
import { tabLease } from './tab-lease.ts';
import { onTick } from './ticks.ts';

/**
 * How it stands with the sound of this page: switched off, or as it is; `elsewhere` when another tab sounds
 * for all.
 */
export type SoundSwitch = 'off' | 'elsewhere' | SoundState;

const channelName = 'watchpost.sound';
/** A tab that sounds says so every second. */
const elsewhereForMs = 4 * consolePolicy.tickMs;

/** Whether another tab of this browser sounds the alarms: one is enough, and seven at once are a noise. */
function useOneVoice(wants: boolean): { readonly isVoice: () => boolean; readonly elsewhere: boolean } {
  const voice = useRef(false);
  const [elsewhere, setElsewhere] = useState(false);
  useEffect(() => {
    if (typeof BroadcastChannel === 'undefined') {
      voice.current = wants;
      return;
    }
    const channel = new BroadcastChannel(channelName);
    let heardMs = Number.NEGATIVE_INFINITY;
    channel.onmessage = () => {
      heardMs = performance.now();
      setElsewhere(!voice.current);
    };
    const leave = onTick(() => {
      if (voice.current) channel.postMessage(null);
      setElsewhere(!voice.current && performance.now() - heardMs < elsewhereForMs);
    });
    const lease = tabLease('sound', {
      held: () => {
        voice.current = true;
        setElsewhere(false);
        channel.postMessage(null);
      },
      lost: () => {
        voice.current = false;
      },
    });
    if (wants) lease.start();
    return () => {
      if (wants) lease.stop();
      voice.current = false;
      leave();
      channel.close();
    };
  }, [wants]);
  return { isVoice: () => voice.current, elsewhere };
}

/**
 * Sounds what the state asks for, once a second and with every change, unless this browser was told to be
 * quiet.
 */
export function useAlarm(state: AlarmState): readonly [SoundSwitch, () => void] {
  const [on, setOn] = useState(() => recall('sound') !== 'off');
  const output = useMemo(() => new SoundOutput(), []);
  const sound = useSyncExternalStore(output.subscribe, output.state);
  const { isVoice, elsewhere } = useOneVoice(on && sound === 'ready');
  const schedule = useRef(new AlarmSchedule());
  const current = useRef(state);
  current.current = state;

  useEffect(() => {
    output.start();
    return () => output.stop();
  }, [output]);
  useEffect(() => whenRemembered('sound', (value) => setOn(value !== 'off')), []);

  const ring = useRef(() => {});
  ring.current = () => {
    if (!on || output.state() !== 'ready' || !isVoice()) return;
    const alarm = schedule.current.due(current.current, performance.now());
    if (alarm) output.play(alarm);
  };
  useEffect(() => onTick(() => ring.current()), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what became worse sounds now, not with the next tick
  useEffect(() => ring.current(), [state, sound, elsewhere]);

  // The same function until it would do something else: the switch is drawn again with another one.
  const toggle = useCallback(() => {
    remember('sound', on ? 'off' : 'on');
    setOn(!on);
  }, [on]);
  if (!on) return ['off', toggle];
  return [sound !== 'ready' && elsewhere ? 'elsewhere' : sound, toggle];
}
