// Days in the Japanese calendar, and moments as a clock in Japan shows them (UTC+9, no summer time).
const eras: [first: string, name: string][] = [
  ['2019-05-01', '令和'],
  ['1989-01-08', '平成'],
  ['1926-12-25', '昭和'],
  ['1912-07-30', '大正'],
  ['1868-01-25', '明治'],
];
const kOffset = 9 * 3600 * 1000;

// "2026-04-01" as 令和8年4月1日; before 明治 by the western year; '' for what is no day.
export function wareki(day: string): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!parts || Number.isNaN(Date.parse(day))) return '';
  const [year, month, date] = parts.slice(1).map(Number) as [number, number, number];
  const era = eras.find(([first]) => day >= first);
  const count = era ? year - Number(era[0].slice(0, 4)) + 1 : year;
  return `${era?.[1] ?? ''}${era && count === 1 ? '元' : count}年${month}月${date}日`;
}

// The day and minute in Japan of a moment, as the browser's fields hold them ("2026-04-01T09:05"); '' for none.
export function japanMinute(moment: string | null | undefined): string {
  const at = moment ? Date.parse(moment) : NaN;
  return Number.isNaN(at) ? '' : new Date(at + kOffset).toISOString().slice(0, 16);
}

export function momentOfMinute(minute: string): string | null {
  const at = Date.parse(`${minute}:00Z`);
  return !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(minute) || Number.isNaN(at) ? null : new Date(at - kOffset).toISOString();
}

export function warekiMinute(moment: string | null | undefined): string {
  const minute = japanMinute(moment);
  return minute === '' ? '' : `${wareki(minute.slice(0, 10))} ${minute.slice(11)}`;
}

// A moment by which something is to be done: the end of a day is that day, not midnight of the next.
export function warekiDue(moment: string | null | undefined): string {
  const minute = japanMinute(moment);
  return minute.endsWith('T00:00') ? wareki(japanToday(Date.parse(moment!) - 1)) : warekiMinute(moment);
}

// 令和8年度; a year is named after the era of its April, and 2019 is 令和元年度 by custom.
export function warekiYear(year: number): string {
  const era = eras.find(([first]) => year >= Number(first.slice(0, 4)));
  const count = era ? year - Number(era[0].slice(0, 4)) + 1 : year;
  return `${era?.[1] ?? ''}${era && count === 1 ? '元' : count}年度`;
}

export function japanToday(now: number): string {
  return new Date(now + kOffset).toISOString().slice(0, 10);
}
