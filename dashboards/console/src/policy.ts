import type { Severity } from '@watchpost/contracts';

/** Numbers of the console that somebody may want to change. Times in milliseconds. */
export const consolePolicy = {
  /** The connection counts as dead when nothing came for so long; the server says something every 2.5 s. */
  silenceMs: 8_000,
  /** A tab that hears nothing of the tab that holds the stream for so long takes it over. */
  leaderSilenceMs: 20_000,
  /** Between two looks at what is due: watchdog, alarm, clocks. */
  tickMs: 1_000,
  /** Alerts of one page, and of a window that nobody scrolled. */
  pageSize: 100,
  /** The lists are loaded after this even when the stream has not said hello yet. */
  firstLoadMs: 300,
  /** Everything is loaded anew now and then, whatever the stream says. */
  reloadEveryMs: 120_000,
  /** Between two fetches of the heat map, at least. */
  heatEveryMs: 10_000,
  /** Between two drawings, at least: the first change of a while is drawn at once, what follows within this time together. */
  drawEveryMs: 200,
  /** The same for what nobody waits for: further events of alerts that are there, counts, states of devices. */
  drawUnhurriedMs: 500,
  /** An alarm that nobody takes sounds again after this; severities without a number sound once. */
  alarmEveryMs: { critical: 10_000, high: 60_000 } satisfies Partial<Record<Severity, number>>,
  /** While the console is not live, or its session ended, it says so by sound this often. */
  troubleEveryMs: 30_000,
  /** Between the beginnings of two sounds, at least: two at once cannot be told apart. */
  soundGapMs: 3_000,
  /** This computer's clock is off by more than this: worth a word. */
  clockToleranceMs: 10_000,
} as const;
