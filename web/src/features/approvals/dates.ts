// Days and minutes as the browser's fields hold them, and the moments the server keeps. The office works in its own zone: the browser's.

function two(value: number): string {
  return String(value).padStart(2, '0');
}

export function dayOf(moment: string | null | undefined): string {
  if (!moment) return '';
  const at = new Date(moment);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

export function minuteOf(moment: string | null | undefined): string {
  if (!moment) return '';
  const at = new Date(moment);
  return `${dayOf(moment)}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

function iso(local: string): string | null {
  const at = new Date(local);
  return local === '' || Number.isNaN(at.getTime()) ? null : at.toISOString();
}

export function beginOfDay(day: string): string | null {
  return day === '' ? null : iso(`${day}T00:00:00`);
}

// The last day counts whole.
export function endOfDay(day: string): string | null {
  return day === '' ? null : iso(`${day}T23:59:59`);
}

export function momentOf(minute: string): string | null {
  return iso(minute);
}
