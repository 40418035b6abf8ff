// Asks the server what would happen to a text that is being written, when the writer pauses. Failing to know is no error to her: the
// server looks again when the text is sent.
import { useEffect, useState } from 'react';
import { guards } from '../../api';
import type { GuardFinding } from '../../api/types';

const kPauseMs = 500;
const kMost = 200_000;

export interface Checked {
  text: string; // the text that was looked at
  findings: GuardFinding[];
}

const nothing: Checked = { text: '', findings: [] };

export function useGuardCheck(text: string, endpoint: string | null): Checked {
  const [checked, setChecked] = useState<Checked>(nothing);
  useEffect(() => {
    if (text.trim() === '') {
      setChecked(nothing);
      return;
    }
    if (text.length > kMost) return;
    const controller = new AbortController();
    const timer = window.setTimeout(() => {
      guards
        .check(text, endpoint, controller.signal)
        .then((out) => setChecked({ text, findings: out.findings.filter((finding) => finding.action !== 'allow') }))
        .catch(() => undefined);
    }, kPauseMs);
    return () => {
      window.clearTimeout(timer);
      controller.abort();
    };
  }, [text, endpoint]);
  return checked;
}
