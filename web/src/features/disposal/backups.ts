// "place,2027-03-31" a line: where copies lie, and by when they are gone. Without a day the place stands alone.
import type { DisposalBackup } from '../../api/types';

export function parseBackups(text: string): DisposalBackup[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const found = /^(.*?)[,、]\s*(\d{4}-\d{2}-\d{2})$/.exec(line);
      return found ? { place: found[1]!.trim(), until: found[2]! } : { place: line, until: '' };
    });
}
