/**
 * Imported first, for its effect: keeps the young generation at its initial size. Frames and pipe chunks live outside the heap and
 * their garbage goes only when the young generation is collected, so a large one costs some 40 MB of resident memory and gains nothing.
 */
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--semi-space-growth-factor=1');
