#include "text/characters.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <array>
#include <memory>
#include <string_view>

namespace sekisho::text {
namespace {

// Pairs: old or variant form, then the form it is read as. Checked against 常用漢字表 (2010) 付表「いわゆる康熙字典体」 and the usual
// variants in names of persons and places.
constexpr std::u32string_view kOldForms =
    U"亞亜惡悪壓圧圍囲爲為醫医壹壱隱隠榮栄營営衞衛驛駅圓円鹽塩緣縁艷艶應応歐欧毆殴櫻桜奧奥橫横溫温穩穏假仮價価畫画會会壞壊懷懐繪絵擴拡殼殻覺覚學学嶽岳樂楽渴渇罐缶卷巻陷陥勸勧寬寛關関歡歓觀観顏顔歸帰"
    U"氣気龜亀僞偽戲戯犧犠舊旧據拠擧挙虛虚峽峡挾挟敎教鄕郷曉暁區区驅駆勳勲薰薫徑径惠恵揭掲攜携溪渓經経繼継莖茎螢蛍輕軽鷄鶏藝芸擊撃缺欠縣県儉倹劍剣圈圏檢検權権獻献硏研險険顯顕驗験嚴厳廣広恆恒效効鑛鉱"
    U"號号國国黑黒濟済碎砕齋斎齊斉劑剤雜雑參参慘惨棧桟蠶蚕贊賛殘残絲糸兒児齒歯辭辞濕湿實実寫写舍舎釋釈壽寿收収從従澁渋獸獣縱縦肅粛處処緖緒敍叙將将稱称燒焼獎奨證証乘乗剩剰壤壌孃嬢條条淨浄狀状疊畳穰穣"
    U"讓譲釀醸囑嘱觸触寢寝愼慎眞真盡尽圖図粹粋醉酔隨随髓髄數数樞枢瀨瀬聲声靜静竊窃攝摂淺浅潛潜纖繊踐践錢銭禪禅雙双壯壮搜捜插挿爭争總総聰聡莊荘裝装騷騒增増臟臓藏蔵屬属續続墮堕體体對対帶帯滯滞臺台瀧滝"
    U"擇択澤沢單単擔担膽胆團団彈弾斷断癡痴遲遅晝昼蟲虫鑄鋳廳庁聽聴鎭鎮遞逓鐵鉄轉転點点傳伝黨党盜盗燈灯當当鬪闘德徳獨独讀読屆届繩縄貳弐姙妊惱悩腦脳霸覇拜拝廢廃賣売麥麦發発髮髪拔抜蠻蛮祕秘濱浜甁瓶佛仏"
    U"拂払變変邊辺邉辺辨弁瓣弁辯弁舖舗寶宝豐豊沒没飜翻槇槙萬万滿満默黙彌弥藥薬譯訳豫予餘余與与譽誉搖揺樣様謠謡來来賴頼亂乱覽覧龍竜兩両獵猟綠緑壘塁淚涙勵励禮礼隸隷靈霊齡齢戀恋爐炉勞労樓楼郞郎祿禄錄録"
    U"灣湾每毎淸清靑青曆暦歷歴步歩黃黄內内吳呉娛娯戶戸戾戻姬姫凉涼况況涉渉閱閲飮飲髙高﨑崎濵浜渕淵嶋島嶌島峯峰桒桑舘館靭靱冨富埜野籠篭鷗鴎麴麹頰頬塡填剝剥𠮟叱瘦痩摑掴繡繍蔣蒋蟬蝉蠟蝋軀躯醬醤鹼鹸麵麺"
    U"攪撹檜桧諫諌遙遥嚙噛囊嚢倂併卽即旣既晚晩槪概鄰隣絕絶脫脱說説稅税銳鋭悅悦寀采產産顚顛卻却厠廁夛多尙尚廏厩强強彥彦徵徴戱戯敘叙敕勅斆教潑溌炤照狹狭甦蘇皷鼓禱祷秊年穗穂窗窓竈竃笇算筭算粮糧絃弦繫繋"
    U"羣群耻恥膓腸蘆芦蘂蕊蠅蝿裡裏觧解譁嘩讚賛迹跡蹟跡遯遁邨村鄉郷酧酬鋪舗鑒鑑鍊錬雞鶏鬭闘鳬鳧鷆鷏黏粘龝秋附付聯連廐厩"
    U"廻回恢回輯集繃包礙害碍害鎔溶熔溶輛両輌両焔炎焰炎兇凶彎湾禦御叛反篇編稀希劃画煉練蒐収註注訣決掠略抛放煽扇綜総撒散擡台颱台幀丁坐座讃賛慾欲歎嘆糺糾劔剣劒剣釼剣凾函恊協决決凖準冩写寳宝畧略畊耕盃杯礮砲窻窓竝並罸罰聟婿脉脈舩船莵兎菴庵萠萌蘓蘇虵蛇"
    U"踈疎躰体軆体迯逃鉤鈎礦鉱駈駆鴈雁鳫雁麪麺巖巌專専巢巣戰戦皋皐稻稲餠餅欝鬱賤賎瑤瑶堯尭凛凜儘侭壷壺箇個个個眾衆囘回囬回烟煙牀床糉粽荅答袜襪輓挽逹達鈔抄閒間饑飢馱駄驒騨驩歓鬚髭鼇鰲";

struct Tables {
  std::array<CharClass, 0x10000> classes{};
  std::array<char16_t, 0x10000> fold{};
};

CharClass classify(char32_t c) {
  if (c >= U'0' && c <= U'9') return CharClass::digit;
  if (c == U'。' || c == U'!' || c == U'?' || c == U'\n' || c == U'｡') return CharClass::sentence_end;
  if (c == U'ー' || c == U'ゝ' || c == U'ゞ') return c == U'ー' ? CharClass::katakana : CharClass::hiragana;
  if (c == U'々' || c == U'〆' || c == U'〇' || c == U'ヶ') return CharClass::kanji;
  const auto u = static_cast<UChar32>(c);
  if (u_isUWhiteSpace(u) || u_iscntrl(u)) return CharClass::space;
  UErrorCode status = U_ZERO_ERROR;
  switch (uscript_getScript(u, &status)) {
    case USCRIPT_HAN: return CharClass::kanji;
    case USCRIPT_HIRAGANA: return CharClass::hiragana;
    case USCRIPT_KATAKANA: return CharClass::katakana;
    default: break;
  }
  if (u_isalnum(u)) return CharClass::latin;
  return u_ispunct(u) ? CharClass::punctuation : CharClass::other;
}

const Tables& tables() {
  static const std::unique_ptr<const Tables> built = [] {
    auto t = std::make_unique<Tables>();
    for (std::uint32_t c = 0; c < 0x10000; ++c) {
      t->classes[c] = classify(c);
      t->fold[c] = static_cast<char16_t>(c);
    }
    for (std::size_t i = 0; i + 1 < kOldForms.size(); i += 2) {
      if (kOldForms[i] < 0x10000 && kOldForms[i + 1] < 0x10000) t->fold[kOldForms[i]] = static_cast<char16_t>(kOldForms[i + 1]);
    }
    return t;
  }();
  return *built;
}

std::u32string shift_kana(std::u32string_view text, char32_t first, char32_t last, std::int32_t by) {
  std::u32string out(text);
  for (char32_t& c : out) {
    if (c >= first && c <= last) c = static_cast<char32_t>(static_cast<std::int32_t>(c) + by);
  }
  return out;
}

}  // namespace

CharClass char_class(char32_t c) { return c < 0x10000 ? tables().classes[c] : classify(c); }

void fold_old_forms(std::u32string& text) {
  const Tables& t = tables();
  for (char32_t& c : text) {
    if (c < 0x10000) c = t.fold[c];
  }
}

std::u32string to_hiragana(std::u32string_view text) { return shift_kana(text, U'ァ', U'ヶ', -0x60); }
std::u32string to_katakana(std::u32string_view text) { return shift_kana(text, U'ぁ', U'ゖ', 0x60); }

}  // namespace sekisho::text
