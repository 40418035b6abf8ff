// An ordinary page: heading, lead and content in one column. The heading takes the focus when the page changes.
import { useEffect, useRef, type ReactNode } from 'react';
import { hasMoved } from '../../lib/router';
import { usePageTitle } from '../../lib/usePageTitle';

export function Page({ title, lead, actions, children }: { title: string; lead?: string; actions?: ReactNode; children: ReactNode }) {
  usePageTitle(title);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (hasMoved()) heading.current?.focus();
  }, []);
  return (
    <div className="page">
      <div className="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {actions && <div className="page-actions">{actions}</div>}
      </div>
      {lead && <p className="page-lead">{lead}</p>}
      {children}
    </div>
  );
}
