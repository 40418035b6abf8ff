#include "text/cues.h"

#include <algorithm>

#include "text/normalise.h"
#include "text/utf8.h"
#include "text/word_set.h"

namespace sekisho::text {
namespace {

struct Row {
  Cue cue;
  std::string_view words;  // separated by spaces
};

constexpr std::array kRows = {
    Row{Cue::my_number, "個人番号 個人ナンバー マイナンバー まいなんばー mynumber マイナンバ"},
    Row{Cue::other_number,
        "事業番号 請求書番号 請求番号 伝票番号 注文番号 受付番号 整理番号 管理番号 契約番号 文書番号 決裁番号 起案番号 発注番号 見積番号 納付書番号 納付番号 確認番号 "
        "収納機関番号 照会番号 追跡番号 送り状番号 お問い合わせ番号 問合せ番号 問い合わせ番号 製造番号 シリアル番号 型番 品番 商品番号 証券番号 宛名番号 世帯番号 会員番号 お客様番号 "
        "顧客番号 予約番号 工事番号 入札番号 法人番号 登録番号 地番 図面番号 車台番号 供給地点特定番号 供給地点番号 水栓番号 検針番号 jan isbn 資産番号 備品番号 通知書番号 通番 連番 端末番号 機器番号 "
        "書留番号 引受番号 取引番号 処理番号 申請番号 案件番号 識別番号"},
    Row{Cue::card, "カード番号 クレジットカード クレジット visa mastercard jcb amex"},
    Row{Cue::bank, "銀行 信用金庫 信金 信用組合 農業協同組合 農協 労働金庫 漁協 支店 本店営業部 金融機関 振込先 振込口座 引落口座 振替口座"},
    Row{Cue::account, "口座番号 口座no"},
    Row{Cue::account_type, "普通 当座 貯蓄 口座"},
    Row{Cue::post_bank, "ゆうちょ 郵便貯金 ゆうちょ銀行"},
    Row{Cue::account_mark, "記号"},
    Row{Cue::phone, "電話 tel 携帯 連絡先 fax ファクス ファックス ℡ ☎ 内線 phone スマホ"},
    Row{Cue::licence, "免許証 運転免許 免許番号 免許no"},
    Row{Cue::passport, "旅券 パスポート passport"},
    Row{Cue::insurance, "被保険者番号 保険者番号 保険証番号 被保険者証 保険証 被保険者記号 資格確認書"},
    Row{Cue::pension, "基礎年金番号 年金番号 年金手帳"},
    Row{Cue::residence_card, "在留カード 特別永住者証明書 在留番号"},
    Row{Cue::birth, "生年月日 誕生日 出生日 dob birthday"},
    Row{Cue::born, "日生 生まれ 生れ 日出生"},
    Row{Cue::name_label, "氏名 お名前 名前 姓名 名義 名義人 宛名"},
    Row{Cue::role_label,
        "申請者 届出人 届出者 世帯主 保護者 代表者 契約者 受取人 受給者 利用者 対象者 被保険者 相談者 来庁者 担当者 担当 申込者 請求者 納税義務者 所有者 同居人 児童 患者 配偶者 通報者 連絡者 本人"},
    Row{Cue::kana_label, "フリガナ ふりがな カナ氏名 氏名カナ"},
    Row{Cue::honorific, "様 さま さん 殿 氏 くん 君 ちゃん"},
    Row{Cue::prefecture,
        "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 "
        "大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県"},
    Row{Cue::address_label, "住所 所在地 居住地 現住所 本籍 居所 住まい 転居先 送付先"},
    Row{Cue::block, "丁目 番地 番"},
    Row{Cue::postal, "〒 郵便番号"},
};

struct Dictionary {
  WordSet set;
  std::vector<Cue> cue_of;
};

Dictionary build() {
  std::vector<std::u32string> words;
  Dictionary out;
  for (const Row& row : kRows) {
    const std::string all = normalise(row.words);
    std::u32string word;
    for (std::size_t at = 0; at <= all.size();) {
      const char32_t c = at < all.size() ? decode_utf8(all, at) : (++at, U' ');
      if (c != U' ') {
        word.push_back(c);
      } else if (!word.empty()) {
        words.push_back(word);
        out.cue_of.push_back(row.cue);
        word.clear();
      }
    }
  }
  out.set = WordSet(words);
  return out;
}

const Dictionary& dictionary() {
  static const Dictionary built = build();
  return built;
}

}  // namespace

Cues::Cues(std::u32string_view text) {
  thread_local std::vector<WordHit> found;
  found.clear();
  const Dictionary& d = dictionary();
  d.set.find(text, found);
  for (const WordHit& hit : found) hits_[static_cast<std::size_t>(d.cue_of[hit.word])].push_back({hit.begin, hit.end});
}

int Cues::before(Cue cue, std::uint32_t at, std::uint32_t distance) const {
  const auto& list = of(cue);
  auto it = std::upper_bound(list.begin(), list.end(), at, [](std::uint32_t p, const CueHit& h) { return p < h.end; });
  if (it == list.begin()) return -1;
  --it;
  const std::uint32_t gap = at - it->end;
  return gap <= distance ? static_cast<int>(gap) : -1;
}

bool Cues::after(Cue cue, std::uint32_t at, std::uint32_t distance) const {
  const auto& list = of(cue);
  const auto it = std::lower_bound(list.begin(), list.end(), at, [](const CueHit& h, std::uint32_t p) { return h.begin < p; });
  return it != list.end() && it->begin < at + distance;
}

}  // namespace sekisho::text
