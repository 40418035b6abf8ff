import { describe, expect, it } from 'vitest';
import { ImeGuard, type KeyPress } from './ime';

function enter(change: Partial<KeyPress> = {}): KeyPress {
  return {
    key: 'Enter',
    shiftKey: false,
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    keyCode: 13,
    isComposing: false,
    timeStamp: 10_000,
    ...change,
  };
}

describe('ImeGuard', () => {
  it('sends with a plain Enter', () => {
    expect(new ImeGuard().sends(enter())).toBe(true);
  });

  it('never sends with Shift, other keys or other modifiers', () => {
    const guard = new ImeGuard();
    for (const change of [{ shiftKey: true }, { altKey: true }, { ctrlKey: true }, { metaKey: true }, { key: 'a' }]) {
      expect(guard.sends(enter(change))).toBe(false);
    }
  });

  it('never sends while a conversion is open, whichever sign the browser gives', () => {
    expect(new ImeGuard().sends(enter({ isComposing: true }))).toBe(false);
    expect(new ImeGuard().sends(enter({ keyCode: 229 }))).toBe(false);
    const guard = new ImeGuard();
    guard.start();
    expect(guard.sends(enter())).toBe(false);
  });

  it('does not take the Enter that confirmed a conversion when compositionend came first', () => {
    const guard = new ImeGuard();
    guard.start();
    guard.end(10_000);
    expect(guard.sends(enter({ timeStamp: 10_001 }))).toBe(false);
    expect(guard.sends(enter({ timeStamp: 10_300 }))).toBe(true);
  });
});
