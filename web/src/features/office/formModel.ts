// A form of fields as the browser holds it, and the values that the server keeps. Pure.
//
// A draft is text for whatever is typed or chosen once, a list for what may be several, and a map for classes, checklists and rows of tables.
import type { Condition, OfficeAction, OfficeCase, OfficeDefinition, OfficeField, OfficeColumn, Value, Values } from '../../api/office';
import { japanMinute, momentOfMinute } from '../../lib/wareki';

export interface Check {
  done: '' | 'yes' | 'no'; // '' : not looked at; no: does not apply
  note: string;
}
export type Row = Record<string, Draft>;
export type Draft = string | string[] | Row[] | { ranks: Record<string, string> } | { checks: Record<string, Check> };
export type Drafts = Record<string, Draft>;

type Slot = Pick<OfficeField, 'type'> & { columns?: OfficeColumn[] | null; items?: OfficeField['items'] };

const several = ['choices', 'people', 'departments', 'references'];

export const isRanks = (draft: Draft): draft is { ranks: Record<string, string> } => typeof draft === 'object' && 'ranks' in draft;
export const isChecks = (draft: Draft): draft is { checks: Record<string, Check> } => typeof draft === 'object' && 'checks' in draft;
const isMap = (value: Value | undefined): value is { [key: string]: Value } => typeof value === 'object' && value !== null && !Array.isArray(value);

export function draftOf(field: Slot, value: Value | undefined): Draft {
  if (several.includes(field.type)) return Array.isArray(value) ? value.map(String) : [];
  if (field.type === 'class') {
    const ranks = isMap(value) ? Object.entries(value).map(([axis, rank]): [string, string] => [axis, String(rank)]) : [];
    return { ranks: Object.fromEntries(ranks) };
  }
  if (field.type === 'checklist') {
    const checks: Record<string, Check> = {};
    for (const item of field.items ?? []) {
      const entry = isMap(value) ? value[item.key] : undefined;
      checks[item.key] = isMap(entry) ? { done: entry.done === true ? 'yes' : 'no', note: String(entry.note ?? '') } : { done: '', note: '' };
    }
    return { checks };
  }
  if (field.type === 'table')
    return (Array.isArray(value) ? value : []).map((row) => rowOf(field.columns ?? [], isMap(row) ? row : {}));
  if (value === null || value === undefined) return '';
  if (field.type === 'yes_no') return value === true ? 'yes' : 'no';
  if (field.type === 'datetime') return japanMinute(String(value));
  return String(value);
}

export function rowOf(columns: OfficeColumn[], value: { [key: string]: Value }): Row {
  return Object.fromEntries(columns.map((column) => [column.key, draftOf(column, value[column.key])]));
}

// Digits as they come from a Japanese keyboard count too: １，２００ is 1200.
export function numberOf(text: string): number | null {
  const plain = text.normalize('NFKC').replace(/[,\s]/g, '');
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

export function isBlank(draft: Draft | undefined): boolean {
  if (draft === undefined) return true;
  if (typeof draft === 'string') return draft.trim() === '';
  if (Array.isArray(draft)) return draft.length === 0;
  if (isRanks(draft)) return Object.values(draft.ranks).every((rank) => rank === '');
  return Object.values(draft.checks).every((check) => check.done === '');
}

// What the server takes for a draft. Numbers and times that cannot be read stay text, which the server refuses; `mistake` finds them before.
export function valueOf(field: Slot, draft: Draft): Value {
  if (typeof draft === 'string') {
    if (draft.trim() === '') return null;
    if (field.type === 'number') return numberOf(draft) ?? draft;
    if (field.type === 'yes_no') return draft === 'yes';
    if (field.type === 'datetime') return momentOfMinute(draft) ?? draft;
    return field.type === 'long_text' ? draft : draft.trim();
  }
  if (Array.isArray(draft)) {
    if (draft.length === 0) return null;
    if (field.type !== 'table') return draft as string[];
    return (draft as Row[]).map((row) => {
      const out: { [key: string]: Value } = {};
      for (const column of field.columns ?? []) {
        const value = valueOf(column, row[column.key] ?? '');
        if (value !== null) out[column.key] = value;
      }
      return out;
    });
  }
  if (isRanks(draft)) {
    const ranks = Object.entries(draft.ranks).filter(([, rank]) => rank !== '');
    return ranks.length === 0 ? null : Object.fromEntries(ranks.map(([axis, rank]) => [axis, Number(rank)]));
  }
  const checks = Object.entries(draft.checks).filter(([, check]) => check.done !== '');
  if (checks.length === 0) return null;
  const out: { [key: string]: Value } = {};
  for (const [key, check] of checks) {
    const done = check.done === 'yes';
    out[key] = check.note.trim() === '' ? { done } : { done, note: check.note.trim() };
  }
  return out;
}

export function draftsOf(fields: OfficeField[], values: Values): Drafts {
  return Object.fromEntries(fields.map((field) => [field.key, draftOf(field, values[field.key])]));
}

export const valuesOfCase = (one: OfficeCase): Values => Object.fromEntries(one.fields.map((field) => [field.key, field.value]));

// All that is written, for a new case; for one that exists only what is no longer as it was.
export function written(fields: OfficeField[], drafts: Drafts): Values {
  return Object.fromEntries(
    fields
      .filter((field) => field.type !== 'attachment' && !field.derive && !isBlank(drafts[field.key]))
      .map((field) => [field.key, valueOf(field, drafts[field.key]!)]),
  );
}

export function changed(fields: OfficeField[], before: Drafts, after: Drafts): Values {
  const out: Values = {};
  for (const field of fields) {
    const was = before[field.key];
    const is = after[field.key];
    if (is === undefined || field.type === 'attachment' || field.derive) continue;
    const value = valueOf(field, is);
    if (was === undefined || JSON.stringify(valueOf(field, was)) !== JSON.stringify(value)) out[field.key] = value;
  }
  return out;
}

function filled(value: Value | undefined): boolean {
  if (value === null || value === undefined || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

const same = (a: Value | undefined, b: Value) => JSON.stringify(a ?? null) === JSON.stringify(b);
const given = (value: Value | undefined): value is Exclude<Value, null> => value !== null && value !== undefined;

function onField(condition: Condition, value: Value | undefined): boolean | null {
  if (condition.is === 'filled' && !filled(value)) return false;
  if (condition.is === 'empty' && filled(value)) return false;
  if (condition.is === 'checked' || condition.is === 'answered' || condition.before || condition.after) return null;
  if (given(condition.equals) && !(given(value) ? same(value, condition.equals) : condition.equals === false)) return false;
  if (given(condition.not_equals) && given(value) && same(value, condition.not_equals)) return false;
  if (condition.in) {
    const list = condition.in;
    const among = (one: Value) => list.some((each) => same(one, each));
    if (!given(value) || !(Array.isArray(value) ? value.some(among) : among(value))) return false;
  }
  if (given(condition.at_least) || given(condition.at_most)) {
    const ranks = isMap(value) ? value : null;
    const number = ranks ? (condition.axis ? ranks[condition.axis] : (ranks.c ?? Object.values(ranks)[0])) : value;
    if (typeof number !== 'number') return false;
    if (given(condition.at_least) && number < condition.at_least) return false;
    if (given(condition.at_most) && number > condition.at_most) return false;
  }
  return true;
}

// Whether a condition holds for these values; null where only the server can know (other cases, dates, what happened before).
export function holds(condition: Condition, values: Values, state: string): boolean | null {
  const list = condition.all ?? condition.any;
  if (list) {
    const each = list.map((one) => holds(one, values, state));
    const decisive = Boolean(condition.any && !condition.all);
    if (each.includes(decisive)) return decisive;
    return each.includes(null) ? null : !decisive;
  }
  if (condition.negate) {
    const inner = condition.negate[0] ? holds(condition.negate[0], values, state) : null;
    return inner === null ? null : !inner;
  }
  if (condition.field) return onField(condition, values[condition.field]);
  if (condition.reference || condition.linked || condition.region || condition.passed || condition.notices) return null;
  return condition.state ? condition.state.includes(state) : null;
}

// Must the field be filled in to be in `state` ('': at the opening)? Where only the server knows, it is not marked, and the server says so.
export function needed(field: OfficeField, state: string, values: Values): boolean {
  if (field.derive) return false;
  const by = field.required;
  const named = by !== null && by !== undefined && (by.always === true || (by.states ?? []).includes(state));
  if (!field.required_if) return named;
  // At the opening people still say what the case is about: what depends on it is asked for at the first step.
  const asked = by === null || by === undefined ? state !== '' : named;
  return asked && holds(field.required_if, values, state) === true;
}

export type Mistake = 'missing' | 'number' | 'range' | 'moment' | 'long' | 'note' | 'cell';

function cellMistake(column: OfficeColumn, draft: Draft | undefined): boolean {
  if (isBlank(draft)) return column.required === true;
  return column.type === 'number' && typeof draft === 'string' && numberOf(draft) === null;
}

// What can be seen to be wrong before the server is asked.
export function mistake(field: OfficeField, draft: Draft | undefined, must: boolean): Mistake | null {
  if (field.derive || field.type === 'attachment') return null;
  if (draft === undefined || isBlank(draft)) return must ? 'missing' : null;
  if (typeof draft === 'string') {
    if (field.type === 'number') {
      const number = numberOf(draft);
      if (number === null) return 'number';
      return (given(field.min) && number < field.min) || (given(field.max) && number > field.max) ? 'range' : null;
    }
    if (field.type === 'datetime' && momentOfMinute(draft) === null) return 'moment';
    if ((field.type === 'text' || field.type === 'long_text') && given(field.max) && Array.from(draft).length > field.max) return 'long';
    return null;
  }
  if (isChecks(draft)) {
    const checks = draft.checks;
    if (Object.values(checks).some((check) => check.done === 'no' && check.note.trim() === '')) return 'note';
    return must && (field.items ?? []).some((item) => item.required !== false && checks[item.key]?.done === '') ? 'missing' : null;
  }
  // Rows of the program's stand before they are answered; the step that needs the answers says so.
  if (field.type === 'table' && !field.rows) return (draft as Row[]).some((row) => (field.columns ?? []).some((column) => cellMistake(column, row[column.key]))) ? 'cell' : null;
  return null;
}

export interface Section {
  title: string; // '' for what no section of the print form names
  fields: OfficeField[];
}

// The sections of the print form are those of the screen; what they leave out comes last.
export function sections(definition: OfficeDefinition, shown: (field: OfficeField) => boolean): Section[] {
  const left = new Map(definition.fields.filter(shown).map((field) => [field.key, field]));
  const out: Section[] = [];
  for (const part of definition.print?.sections ?? []) {
    const fields = (part.fields ?? []).flatMap((key) => left.get(key) ?? []);
    fields.forEach((field) => left.delete(field.key));
    if (fields.length > 0) out.push({ title: part.title, fields });
  }
  if (left.size > 0) out.push({ title: '', fields: [...left.values()] });
  return out;
}

// Which field a refusal is about, from where the server says the mistake is: "key: why", "table.column: why" or titles with 、 between.
export function blamed(fields: OfficeField[], key: string, where: string | undefined): string[] {
  if (!where) return [];
  if (key === 'office.missing') {
    const names = where.split('、');
    return fields.filter((field) => names.includes(field.title) || names.includes(field.key)).map((field) => field.key);
  }
  if (key !== 'office.field' && key !== 'office.not_your_field') return [];
  const name = where.split(':')[0]!.split('.')[0]!.trim();
  return fields.some((field) => field.key === name) ? [name] : [];
}

// Titles of the fields that a step needs and does not ask for itself; files are attached to the case before.
export function firstNeeded(definition: OfficeDefinition, action: OfficeAction): string[] {
  return definition.fields
    .filter((field) => action.needs.includes(field.key) && (field.type === 'attachment' || !action.ask.includes(field.key)))
    .map((field) => field.title);
}

// Who has already given their part of a joint step on the content as it is now. An edit or any step begins anew.
export function signers(one: Pick<OfficeCase, 'history'>, title: string): { name: string; at: string }[] {
  let out: { name: string; at: string }[] = [];
  for (const event of one.history) {
    if (event.event === 'edit' || event.event === 'move' || event.event === 'attach') out = [];
    else if (event.event === 'sign' && event.title === title && event.same_content) out.push({ name: event.name, at: event.at });
  }
  return out;
}
