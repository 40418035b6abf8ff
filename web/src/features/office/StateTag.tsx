// The state of a case and what its deadline says, in words.
import type { OfficeItem, StateKind } from '../../api/office';
import { warekiDue } from '../../lib/wareki';
import { officeTexts as t } from './messages';

export function StateTag({ title, kind }: { title: string; kind: StateKind }) {
  return <span className={`state-tag state-${t.tones[kind]}`}>{title}</span>;
}

export function Due({ item }: { item: Pick<OfficeItem, 'due_at' | 'overdue'> }) {
  if (!item.due_at) return <>{t.noDue}</>;
  return (
    <>
      {warekiDue(item.due_at)}
      {item.overdue && <span className="state-tag state-bad">{t.overdue}</span>}
    </>
  );
}
