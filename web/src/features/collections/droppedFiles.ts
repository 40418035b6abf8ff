// Files out of a file dialog, a folder dialog or a drop with folders in it. The path inside the folder is part of the name, so
// that two files called 様式.docx in different folders stay two documents.
import type { NamedFile } from './uploadQueue';

export function chosenFiles(list: FileList | null): NamedFile[] {
  return Array.from(list ?? [])
    .map((file) => ({ name: (file.webkitRelativePath || file.name).normalize('NFC'), file }))
    .filter(({ name }) => !isClutter(name));
}

export async function droppedFiles(items: DataTransferItemList): Promise<NamedFile[]> {
  // The entries must be taken before the first await: the list is emptied when the event ends.
  const entries = Array.from(items)
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  const found: NamedFile[] = [];
  for (const entry of entries) await walk(entry, '', found);
  return found.filter(({ name }) => !isClutter(name));
}

function isClutter(name: string): boolean {
  const base = name.slice(name.lastIndexOf('/') + 1);
  return base.startsWith('~$') || base === 'Thumbs.db' || base === 'desktop.ini' || base === '.DS_Store';
}

async function walk(entry: FileSystemEntry, path: string, found: NamedFile[]): Promise<void> {
  const name = path + entry.name;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ name: name.normalize('NFC'), file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A reader gives at most a hundred entries at a time.
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return;
    for (const inner of batch) await walk(inner, `${name}/`, found);
  }
}
