// At an answer: what was covered on the way to the model, and what was sent after a confirmation.
import type { GuardCount } from '../../api/types';
import { Notice } from '../../components/Notice/Notice';
import { guardTexts, kindName } from './messages';

export function GuardNotice({ counts }: { counts: GuardCount[] }) {
  const list = (action: string) =>
    counts
      .filter((count) => count.action === action)
      .map((count) => guardTexts.count(kindName(count.kind), count.count))
      .join('、');
  const masked = list('mask');
  const warned = list('warn');
  if (masked === '' && warned === '') return null;
  return (
    <Notice tone="info">
      {masked !== '' && <p>{guardTexts.masked(masked)}</p>}
      {warned !== '' && <p>{guardTexts.warned(warned)}</p>}
    </Notice>
  );
}
