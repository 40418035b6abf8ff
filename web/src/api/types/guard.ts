// The guard of texts on their way to a model: findings, rules, words.

// What the guard finds in a text on its way to a model, and what its rule does with it.
export type GuardAction = 'allow' | 'warn' | 'mask' | 'block';

export interface GuardCount {
  kind: string;
  action: string;
  count: number;
}

export interface GuardFinding {
  kind: string;
  start: number;
  end: number;
  confidence: number;
  masked: string;
  action: GuardAction;
  clause: string;
  who_can_permit: string;
}

export interface GuardCheck {
  action: GuardAction;
  findings: GuardFinding[];
}

export interface GuardRule {
  kinds: string[];
  parts: string[];
  segments: string[];
  accepts: string[];
  endpoint: string;
  class_from: number;
  class_to: number;
  least: number;
  action: GuardAction;
  raise_to: number;
  clause: string;
  who_can_permit: string;
}

export interface GuardRules {
  own: GuardRule[];
  standard: GuardRule[];
  kinds: string[];
}

export interface NgWord {
  word: string;
  note: string;
}

export interface NgWords {
  items: NgWord[];
  next: string | null;
  total: number;
}

export interface NgImport {
  encoding: string;
  words: number;
  added: string[];
  removed: string[];
  done: boolean;
}
