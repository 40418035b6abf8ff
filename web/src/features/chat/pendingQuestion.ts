// The first question of a new conversation travels from the start page to the page of the conversation just made.
export interface PendingQuestion {
  text: string;
  confirm: boolean; // what the guard warned of was confirmed there
}

const pending = new Map<string, PendingQuestion>();

export function leavePendingQuestion(chat: string, text: string, confirm: boolean): void {
  pending.set(chat, { text, confirm });
}

export function takePendingQuestion(chat: string): PendingQuestion | null {
  const question = pending.get(chat) ?? null;
  pending.delete(chat);
  return question;
}
