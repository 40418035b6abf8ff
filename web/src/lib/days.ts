// Days of a period as people write them, and the moments that the server keeps. A day begins at midnight in Japan (UTC+9, no summer time);
// the last day is over when the next one begins. Empty: no limit.
const kOffset = 9 * 3600 * 1000;
const kDay = 24 * 3600 * 1000;

function dayOf(moment: string | null | undefined, back: number): string {
  if (!moment) return '';
  return new Date(Date.parse(moment) + kOffset - back).toISOString().slice(0, 10);
}

export const firstDay = (validFrom: string | null | undefined) => dayOf(validFrom, 0);
export const lastDay = (validTo: string | null | undefined) => dayOf(validTo, 1);

function midnight(day: string, add: number): string {
  return day === '' ? '' : new Date(Date.parse(`${day}T00:00:00Z`) - kOffset + add).toISOString();
}

export const fromDay = (day: string) => midnight(day, 0);
export const untilDay = (day: string) => midnight(day, kDay);
