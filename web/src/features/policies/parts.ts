// The documents that are bound into one file, as a person names them: the first line of each that says anything.
import type { PolicyTree } from '../../api/policies';

export interface Part {
  number: number;
  title: string;
}

const titleLetters = 60;

export function partsOf(tree: Pick<PolicyTree, 'clauses'>): Part[] {
  const parts: Part[] = [];
  for (const clause of tree.clauses) {
    if (parts.some((part) => part.number === clause.part)) continue;
    const [first = ''] = (clause.title || clause.text).split('\n');
    parts.push({ number: clause.part, title: (first.trim() || clause.ref).slice(0, titleLetters) });
  }
  return parts;
}
