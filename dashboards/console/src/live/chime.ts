/** Two falling tones, twice: carries across a room and is not a telephone. Hertz, start and length in seconds. */
const tones = [
  { hertz: 880, startS: 0, lengthS: 0.18 },
  { hertz: 660, startS: 0.2, lengthS: 0.26 },
  { hertz: 880, startS: 0.6, lengthS: 0.18 },
  { hertz: 660, startS: 0.8, lengthS: 0.26 },
] as const;
const loudness = 0.25;
const edgeS = 0.015;

let context: AudioContext | undefined;

/**
 * Sounds the chime of a critical alert. Until somebody has touched the page the browser keeps it silent; a page without
 * sound still shows and speaks the alert, so nothing is reported.
 */
export async function soundChime(): Promise<void> {
  try {
    context ??= new AudioContext();
    if (context.state === 'suspended') await context.resume();
  } catch {
    return;
  }
  const now = context.currentTime;
  for (const { hertz, startS, lengthS } of tones) {
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.frequency.value = hertz;
    // Soft edges: a tone that is cut off clicks.
    gain.gain.setValueAtTime(0, now + startS);
    gain.gain.linearRampToValueAtTime(loudness, now + startS + edgeS);
    gain.gain.setValueAtTime(loudness, now + startS + lengthS - edgeS);
    gain.gain.linearRampToValueAtTime(0, now + startS + lengthS);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(now + startS);
    oscillator.stop(now + startS + lengthS);
  }
}
