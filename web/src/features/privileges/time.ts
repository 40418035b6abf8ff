import { texts } from './messages';

// How much is left, as people read it: minutes, and in the last two the seconds.
export function timeLeft(until: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  return seconds > 120 ? texts.minutes(Math.ceil(seconds / 60)) : texts.seconds(seconds);
}
