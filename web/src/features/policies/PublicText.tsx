// The public text of a policy document, for reading: headings by depth, numbers as printed, （非公開） where a clause is withheld.
import type { ReactNode } from 'react';
import type { PublicClause } from '../../api/policyVersions';
import { versionTexts as t } from './versionMessages';
import './Policies.css';

const lastHeading = 6;

function Heading({ level, id, children }: { level: number; id: string; children: ReactNode }) {
  const Tag = `h${Math.min(level, lastHeading)}` as 'h2';
  return <Tag id={id}>{children}</Tag>;
}

// The level of each heading: one below the nearest heading above it; 0: no heading.
export function headingLevels(clauses: PublicClause[]): number[] {
  const open: number[] = [];
  return clauses.map((clause) => {
    open.length = Math.min(open.length, clause.depth);
    const above = open.at(-1) ?? 1;
    const heading = !clause.withheld && clause.title !== '' && clause.kind !== 'row' && clause.kind !== 'item';
    const own = heading ? Math.min(above + 1, lastHeading) : above;
    while (open.length < clause.depth) open.push(above);
    open.push(own);
    return heading ? own : 0;
  });
}

export function PublicText({ clauses }: { clauses: PublicClause[] }) {
  const levels = headingLevels(clauses);
  return (
    <div className="policy-reading">
      {clauses.map((clause, at) => {
        const level = levels[at] ?? 0;
        return (
          <div key={clause.id} style={{ paddingInlineStart: `${Math.min(clause.depth, 8)}rem` }}>
            {level > 0 && (
              <Heading level={level} id={clause.id}>
                {`${clause.label} ${clause.title}`.trim()}
              </Heading>
            )}
            {clause.withheld && (
              <p>
                <b>{clause.label}</b> {t.withheldMark}
              </p>
            )}
            {!clause.withheld && level === 0 && (
              <p className="policy-text">
                {clause.label !== '' && <b>{clause.label} </b>}
                {[clause.title, clause.text].filter((words) => words !== '').join(' ')}
              </p>
            )}
            {level > 0 && clause.text !== '' && <p className="policy-text">{clause.text}</p>}
          </div>
        );
      })}
    </div>
  );
}
