// Sentences of the request for a lower class.
export const text = {
  ask: '分類を下げる申請',
  title: (name: string) => `「${name}」の分類を下げる申請`,
  lead: '申請した人と資料を追加した人は、許可できません。読める人を広げるときは、その範囲に責任を持つ管理者の許可も要ります。',
  now: '今の分類',
  axes: { confidentiality: '機密性', integrity: '完全性', availability: '可用性' },
  stays: (name: string) => `${name}（今のまま）`,
  everyone: '全庁の職員が読めるようにする',
  everyoneHint: (readers: string) => `今、読める範囲：${readers}`,
  reason: '理由',
  reasonHint: '下げてよい根拠を5文字以上で書いてください。判断する人が読みます。',
  missing: '理由を5文字以上で入力してください。',
  nothing: '今より低い分類か、広い読める範囲を選んでください。',
  submit: '申請する',
  document: '対象の資料',
  unreadable: '（この資料を読む権限がないため、名前は表示できません）',
};
