import type { Severity } from '@watchpost/contracts/alert';
import type { Pace } from './live/steady.ts';

/** Numbers of the console that somebody may want to change. Times in milliseconds. */
export const consolePolicy = {
  /** The connection counts as dead when nothing came for so long; the server says something every 2.5 s. */
  silenceMs: 8_000,
  /** A tab that hears nothing of the tab that holds the stream for so long takes it over. */
  leaderSilenceMs: 20_000,
  /**
   * Other tabs are told what is heard until none of them has said for so long that it is there; each says so
   * with every tick.
   */
  othersSilenceMs: 10_000,
  /** Between two looks at what is due: watchdog, alarm, clocks. */
  tickMs: 1_000,
  /** Alerts that come within this time are announced in one sentence. */
  breathMs: 400,
  /** Alerts of one page, and of a window that nobody scrolled. */
  pageSize: 100,
  /** The lists are loaded after this even when the stream has not said hello yet. */
  firstLoadMs: 300,
  /** Everything is loaded anew now and then, whatever the stream says. */
  reloadEveryMs: 120_000,
  /** After something could not be loaded, all is loaded anew. */
  reloadAfterProblemMs: 10_000,
  /** How often the heat map is fetched. */
  heatPace: { everyMs: 10_000, atOnce: 1 } satisfies Pace,
  /** How often the page is drawn: for what somebody waits for, a new alert or what was done to one; */
  drawNews: { everyMs: 200, atOnce: 3 } satisfies Pace,
  /** for further events of alerts that are there; */
  drawEvents: { everyMs: 500, atOnce: 3 } satisfies Pace,
  /** for counts and states of devices, which may wait for the next. */
  drawNumbers: { everyMs: 500, atOnce: 1 } satisfies Pace,
  /** How often it is asked how many alerts are new to the person. */
  countUnseen: { everyMs: 4_000, atOnce: 2 } satisfies Pace,
  /** How often the lists are loaded anew while a filter is in force that only the server understands. */
  refit: { everyMs: 3_000, atOnce: 1 } satisfies Pace,
  /** What was just done can be taken back within this. */
  undoWithinMs: 10_000,
  /** An alarm that nobody takes sounds again after this; severities without a number sound once. */
  alarmEveryMs: { critical: 10_000, high: 60_000 } satisfies Partial<Record<Severity, number>>,
  /** While the console is not live, or its session ended, it says so by sound this often. */
  troubleEveryMs: 30_000,
  /** Between the beginnings of two sounds, at least: two at once cannot be told apart. */
  soundGapMs: 3_000,
  /** On a phone the focus follows to an alert, or back to its row, if that is there within this. */
  focusWithinMs: 3_000,
  /** The focus moves to a new view after this: a dialog that led there has given it back by then. */
  focusAfterMs: 50,
  /** How often it is noted that the page is live, for what is shown when the server is away. */
  noteLiveEveryMs: 10_000,
  /** How often it is asked which API tokens end soon. */
  dueTokensEveryMs: 3_600_000,
  /** This computer's clock is off by more than this: worth a word. */
  clockToleranceMs: 10_000,
} as const;
