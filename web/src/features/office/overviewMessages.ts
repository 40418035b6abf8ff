// Sentences of the overviews: the year's plan, the work of a department, numbers.
import type { CalendarMonth } from './calendarModel';

export const overviewTexts = {
  calendarTitle: '年間計画',
  calendarLead: '基準が定期に求める仕事を、期限の月ごとに並べます。A4でそのまま印刷できます。',
  calendarColumns: ['仕事', '期限', '進み具合', '案件'],
  noDay: '日の決まっていないもの',
  byMonth: '月ごとの進み具合',
  series: { done: '済み', open: 'これから・進行中', late: '期限を過ぎています' },
  counts: ({ done, open, late }: CalendarMonth) => `済み${done}、これから・進行中${open}、期限を過ぎたもの${late}`,
  print: '印刷する',

  departmentTitle: '私の課',
  departmentLead: '自分の課（と下の課）の、終わっていない案件と年度の仕事です。見てよいものだけが出ます。',
  department: '部署',
  noDepartment: '所属する部署がありません。',
  work: (n: number, overdue: number) => `終わっていない案件 ${n}件${overdue > 0 ? `（期限を過ぎたもの ${overdue}件）` : ''}`,
  noWork: '終わっていない案件はありません。',
  moreWork: '多いので、500件だけを示しています。台帳の一覧で絞ってください。',
  duties: (year: string) => `${year}の課の仕事`,
  noDuties: 'この年度の課の仕事はありません。',

  figuresTitle: '件数',
  figuresLead: '月ごと、部署ごと、台帳ごとの件数です。数えるのは、見てよい案件だけです。',
  register: '台帳',
  allRegisters: 'すべての台帳',
  monthly: '月ごとの件数',
  monthlySeries: ['開いた件数', '終わった件数'],
  groups: { units: '部署ごと', registers: '台帳ごと' },
  groupSeries: ['進行中', '期限を過ぎています'],
  groupColumns: ['', '開いた件数', '終わった件数', '今、終わっていないもの', '期限を過ぎたもの'],
  wholeBody: '団体全体',
};
