import type { Browser } from '@watchpost/contracts/api';

/** First match counts: browsers name those that they descend from too. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\bMicroMessenger\//, 'WeChat'],
  [/\b(?:Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bVersion\/.*\bSafari\//, 'Safari'],
];
const systems: readonly (readonly [RegExp, string])[] = [
  [/\bHarmonyOS\b|\bOpenHarmony\b/, 'HarmonyOS'],
  [/\bAndroid\b/, 'Android'],
  [/\b(?:iPhone|iPad)\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

/**
 * What a browser calls itself in `user-agent`, in words. It may lie: it is for people to recognise theirs.
 */
export function browserOf(userAgent: string | undefined): Browser {
  const text = (userAgent ?? '').slice(0, 400);
  const of = (known: typeof browsers) => known.find(([pattern]) => pattern.test(text))?.[1] ?? null;
  return { name: of(browsers), system: of(systems) };
}
