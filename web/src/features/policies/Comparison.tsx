// 新旧対照表: the new version on the left; words that changed are underlined and marked as inserted or deleted.
import type { ComparedClause, ComparedPiece, ComparedRow, PolicyComparison } from '../../api/policies';
import { Table } from '../../components/Table/Table';
import { policyTexts as t } from './messages';
import './Policies.css';

export function Comparison({ comparison }: { comparison: PolicyComparison }) {
  return (
    <>
      <p role="status">{t.counts(comparison.counts)}</p>
      <div className="policy-compare">
        <Table caption={t.comparison} columns={t.comparisonColumns(comparison.before_title, comparison.after_title)}>
          {comparison.rows.map((row, at) => (
            <tr key={at}>
              <td>{row.after ? <Side side={row.after} as="ins" /> : t.none.after}</td>
              <td>{row.before ? <Side side={row.before} as="del" /> : t.none.before}</td>
              <td>{remarksOf(row)}</td>
            </tr>
          ))}
        </Table>
      </div>
    </>
  );
}

export function remarksOf(row: ComparedRow): string {
  if (!row.before) return t.remarks.added;
  if (!row.after) return t.remarks.dropped;
  return (['changed', 'renumbered', 'moved'] as const)
    .filter((what) => row[what])
    .map((what) => t.remarks[what])
    .join('、');
}

function Side({ side, as }: { side: ComparedClause; as: 'ins' | 'del' }) {
  return (
    <>
      <b>{side.ref}</b> <Pieces pieces={side.title} as={as} />
      {side.text.length > 0 && (
        <p className="policy-text">
          <Pieces pieces={side.text} as={as} />
        </p>
      )}
    </>
  );
}

function Pieces({ pieces, as: Mark }: { pieces: ComparedPiece[]; as: 'ins' | 'del' }) {
  return (
    <>
      {pieces.map((piece, at) => (piece.changed ? <Mark key={at}>{piece.text}</Mark> : <span key={at}>{piece.text}</span>))}
    </>
  );
}
