import { bytesOf } from './base64';

function save(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

// Saves bytes that came as base64 in an answer as a file on the person's machine.
export function saveBase64(name: string, base64: string, type: string): void {
  save(name, bytesOf(base64), type);
}

export function saveText(name: string, text: string, type: string): void {
  save(name, text, type);
}
