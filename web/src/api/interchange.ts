// Policies in the forms of others: OSCAL 1.2, tables of clauses. docs/oscal.md.
import { request } from './client';
import type { MadeFile } from './policies';

export interface OscalLoss {
  kind: string;
  count: number;
  pointer: string;
  text: string;
}
export interface OscalImport {
  document: string | null;
  version: string | null;
  number: number;
  title: string;
  ours: boolean;
  clauses: number;
  counts: { same: number; changed: number; added: number; dropped: number; renumbered: number; moved: number } | null;
  losses: OscalLoss[];
}
export interface TableFile extends MadeFile {
  missing: { character: string; written: string; refs: string[] }[];
}
export interface TablePlan {
  rows: number;
  changes: { row: number; ref: string; column: string; before: string; after: string }[];
  errors: { row: number; column: string; text: string }[];
  own_columns: string[];
  done: boolean;
}
export type TableFormat = 'xlsx' | 'csv' | 'csv-cp932';

const root = '/api/v1/policies';
const version = (id: string) => `${root}/versions/${encodeURIComponent(id)}`;

export const interchange = {
  oscal: (id: string, model: string) => request<MadeFile>('GET', `${version(id)}/oscal?model=${model}`),
  importOscal: (name: string, content: string, document: string | undefined, preview: boolean) =>
    request<OscalImport>('POST', `${root}/oscal${preview ? '/preview' : ''}`, { body: { name, content, document } }),
  table: (id: string, format: TableFormat) => request<TableFile>('GET', `${version(id)}/table?format=${format}`),
  importTable: (id: string, name: string, content: string, preview: boolean) =>
    request<TablePlan>('POST', `${version(id)}/table${preview ? '/preview' : ''}`, { body: { name, content } }),
};
