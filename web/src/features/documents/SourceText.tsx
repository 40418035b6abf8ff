// A document's stored text by sections, with one passage marked and scrolled to.
import { memo, useEffect, useMemo, useRef } from 'react';
import type { Range, Section } from '../../api/types';
import { markPieces } from '../../lib/text';
import { ja } from '../../messages/ja';
import { locatePassage, separateHeading } from './sourcePassage';
import './SourceText.css';

interface Props {
  sections: Section[];
  passage: { start: number; end: number } | null;
  // Used when the passage itself is not found: the page is still better than the top.
  page?: number | null;
}

const none: Range[] = [];

export function SourceText({ sections, passage, page = null }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const start = passage?.start;
  const end = passage?.end;
  const marks = useMemo(() => {
    const found = start === undefined || end === undefined ? [] : locatePassage(sections, start, end);
    return new Map(found.map((item) => [item.section, [item.range]]));
  }, [sections, start, end]);

  useEffect(() => {
    const target = frame.current?.querySelector('mark') ?? (page === null ? null : frame.current?.querySelector(`[data-page="${page}"]`));
    if (!target) return;
    // Sections off screen have an estimated height until they are laid out: go there again until the place holds still.
    let frameRequest = 0;
    let last = Number.NaN;
    let left = 30;
    const settle = () => {
      target.scrollIntoView({ block: 'center' });
      const top = target.getBoundingClientRect().top;
      left -= 1;
      if (top !== last && left > 0) frameRequest = requestAnimationFrame(settle);
      last = top;
    };
    settle();
    return () => cancelAnimationFrame(frameRequest);
  }, [marks, page]);

  let shownPage: number | null = null;
  return (
    <div className="source-text" ref={frame}>
      {sections.map((section) => {
        const newPage = section.page !== null && section.page !== shownPage ? section.page : null;
        shownPage = section.page ?? shownPage;
        return <SectionText key={section.n} section={section} newPage={newPage} marks={marks.get(section.n) ?? none} />;
      })}
    </div>
  );
}

const SectionText = memo(function SectionText({ section, newPage, marks }: { section: Section; newPage: number | null; marks: Range[] }) {
  const heading = separateHeading(section);
  return (
    <section
      className={`source-section source-level-${Math.min(Math.max(section.level, 0), 4)}`}
      id={`section-${section.n}`}
      data-page={section.page ?? undefined}
    >
      {newPage !== null && <p className="source-page">{ja.document.page(newPage)}</p>}
      {heading !== null && <h3>{heading}</h3>}
      <p className="source-body">
        {markPieces(section.text, marks).map((piece, n) => (piece.marked ? <mark key={n}>{piece.text}</mark> : piece.text))}
      </p>
    </section>
  );
});
