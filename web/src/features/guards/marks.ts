// The pieces of a text with what was found in them. Places are code points; where findings overlap, the stronger action shows.
import type { GuardAction, GuardFinding } from '../../api/types';

export interface Piece {
  text: string;
  action: GuardAction | null;
}

const strength: GuardAction[] = ['allow', 'warn', 'mask', 'block'];

export function piecesOf(text: string, findings: GuardFinding[]): Piece[] {
  const points = Array.from(text);
  const at: (GuardAction | null)[] = points.map(() => null);
  for (const finding of findings) {
    if (finding.action === 'allow') continue;
    for (let i = finding.start; i < Math.min(finding.end, at.length); i++) {
      const old = at[i];
      if (!old || strength.indexOf(finding.action) > strength.indexOf(old)) at[i] = finding.action;
    }
  }
  const out: Piece[] = [];
  points.forEach((point, i) => {
    const last = out.at(-1);
    if (last && last.action === (at[i] ?? null)) last.text += point;
    else out.push({ text: point, action: at[i] ?? null });
  });
  return out;
}

export function counted(findings: { kind: string }[]): [kind: string, n: number][] {
  const counts = new Map<string, number>();
  for (const { kind } of findings) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts];
}

// The clauses that decided, each once, with who could permit it.
export function basisOf(findings: GuardFinding[]): [clause: string, who: string][] {
  const found = findings.filter((finding) => finding.clause !== '');
  return [...new Map(found.map((finding) => [`${finding.clause}\n${finding.who_can_permit}`, [finding.clause, finding.who_can_permit] as [string, string]])).values()];
}
