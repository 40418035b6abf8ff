// The tree of units in the order of the profile, with each unit's depth. A unit whose parent is unknown stands at the top.
import type { UnitView } from '../../api/types';

export interface Placed {
  unit: UnitView;
  depth: number;
}

export function tree(units: UnitView[]): Placed[] {
  const known = new Set(units.map((unit) => unit.id));
  const children = new Map<string, UnitView[]>();
  for (const unit of units) {
    const parent = unit.parent_id !== null && known.has(unit.parent_id) ? unit.parent_id : '';
    children.set(parent, [...(children.get(parent) ?? []), unit]);
  }
  const out: Placed[] = [];
  const visit = (parent: string, depth: number) => {
    for (const unit of children.get(parent) ?? []) {
      out.push({ unit, depth });
      if (depth < 16) visit(unit.id, depth + 1);
    }
  };
  visit('', 0);
  return out;
}
