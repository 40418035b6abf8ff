// Where a passage lies in a document's sections. All offsets are Unicode code points of the document's text.
import type { Range, Section } from '../../api/types';

export interface PassageInSection {
  section: number;
  // Relative to the section's text.
  range: Range;
}

export function locatePassage(sections: readonly Section[], start: number, end: number): PassageInSection[] {
  const found: PassageInSection[] = [];
  for (const section of sections) {
    const from = Math.max(start, section.start);
    const to = Math.min(end, section.end);
    if (from < to) found.push({ section: section.n, range: [from - section.start, to - section.start] });
  }
  return found;
}

// The section's heading when its own text does not begin with it (then it would be read twice).
export function separateHeading(section: Section): string | null {
  const heading = section.heading.trim();
  return heading === '' || section.text.trimStart().startsWith(heading) ? null : heading;
}
