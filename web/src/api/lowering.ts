// Asking for a lower class of a document, or for more readers.
import { request } from './client';
import type { Label } from './types';

export interface LoweringChoice {
  id: string;
  name: string;
  label: Label;
  confidentiality: string[];
  integrity: string[];
  availability: string[];
}

export interface LoweringInput {
  confidentiality?: number;
  integrity?: number;
  availability?: number;
  everyone?: boolean;
  reason: string;
}

const of = (document: string) => `/api/v1/documents/${encodeURIComponent(document)}/lowering`;

export const lowering = {
  choice: (document: string) => request<LoweringChoice>('GET', of(document)),
  ask: (document: string, body: LoweringInput) => request<{ approval: string }>('POST', of(document), { body }),
};
