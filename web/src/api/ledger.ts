// Ledgers as files: a register written out, and a ledger that exists already read in. An import is shown before it is done.
import { request } from './client';
import type { ListQuery } from './office';

export type LedgerFormat = 'xlsx' | 'csv' | 'csv-cp932';
export interface LedgerFile {
  name: string;
  sha256: string;
  content: string;
  rows: number;
  missing: string[]; // characters that the encoding has not
}
export interface ImportTarget {
  to: string;
  title: string;
}
export interface ImportColumn {
  column: number;
  header: string;
  to: string;
  samples: string[];
}
export interface ImportError {
  row: number;
  column: string;
  value: string;
  text: string;
}
export interface LedgerImport {
  done: boolean;
  encoding: string;
  encoding_certain: boolean;
  header: number;
  columns: ImportColumn[];
  targets: ImportTarget[];
  keys: ImportTarget[];
  key: string;
  state: string;
  rows: number;
  opened: number;
  changed: number;
  same: number;
  bad: number;
  errors: ImportError[];
  errors_total: number;
}
export interface ImportAsked {
  name: string;
  content: string;
  encoding: string | null;
  header: number | null;
  columns: { column: number; to: string }[] | null;
  key: string | null;
  good_only: boolean | null;
}

const root = (register: string) => `/api/v1/office/definitions/${encodeURIComponent(register)}`;

export type ExportQuery = ListQuery & { table?: string }; // key of a table: its rows instead of the cases

export const ledger = {
  export: (register: string, format: LedgerFormat, asked: ExportQuery) => {
    const parts = new URLSearchParams({ format });
    for (const [name, value] of Object.entries(asked as Record<string, string | number | undefined>)) if (value !== undefined && value !== '') parts.set(name, String(value));
    return request<LedgerFile>('GET', `${root(register)}/export?${parts.toString()}`);
  },
  preview: (register: string, asked: ImportAsked) => request<LedgerImport>('POST', `${root(register)}/import/preview`, { body: asked }),
  import: (register: string, asked: ImportAsked) => request<LedgerImport>('POST', `${root(register)}/import`, { body: asked }),
};
