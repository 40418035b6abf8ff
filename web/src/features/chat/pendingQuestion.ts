// The first question of a new conversation travels from the start page to the page of the conversation just made.
const pending = new Map<string, string>();

export function leavePendingQuestion(chat: string, text: string): void {
  pending.set(chat, text);
}

export function takePendingQuestion(chat: string): string | null {
  const text = pending.get(chat) ?? null;
  pending.delete(chat);
  return text;
}
