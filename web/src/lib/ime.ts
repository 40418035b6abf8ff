// Enter that confirms a Japanese conversion must not send. Three signs are needed: `isComposing` (standard), keyCode 229 (old
// Edge and IMEs that report no composition), and an Enter that follows compositionend at once (WebKit, some Edge and IME
// pairs fire compositionend before the keydown that confirmed it).

export interface KeyPress {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  keyCode: number;
  isComposing: boolean;
  timeStamp: number;
}

const kConfirmGapMs = 60;

export class ImeGuard {
  private composing = false;
  private endedAt = Number.NEGATIVE_INFINITY;

  start(): void {
    this.composing = true;
  }

  end(timeStamp: number): void {
    this.composing = false;
    this.endedAt = timeStamp;
  }

  // True only for a plain Enter that no conversion can have used.
  sends(key: KeyPress): boolean {
    if (key.key !== 'Enter' || key.shiftKey || key.altKey || key.ctrlKey || key.metaKey) return false;
    if (this.composing || key.isComposing || key.keyCode === 229) return false;
    return key.timeStamp - this.endedAt > kConfirmGapMs;
  }
}
