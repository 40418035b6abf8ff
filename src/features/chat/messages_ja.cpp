#include "features/chat/messages_ja.h"

#include <array>

namespace sekisho::chat {
namespace {

struct Row {
  std::string_view key;
  std::string_view title;
};
constexpr std::array kRows = {
    Row{"llm.unreachable", "モデルの接続先につながりません。時間をおいて、もう一度お試しください。"},
    Row{"llm.tls", "モデルの接続先の証明書を確かめられません。情報担当に知らせてください。"},
    Row{"llm.timeout", "モデルから時間内に返事がありませんでした。もう一度お試しください。"},
    Row{"llm.refused", "モデルの接続先が依頼を受け付けませんでした。情報担当に知らせてください。"},
    Row{"llm.busy", "モデルの接続先が混み合っています。しばらく待ってから、もう一度お試しください。"},
    Row{"llm.closed_midway", "モデルの返事が途中で切れました。届いたところまでを残しています。"},
    Row{"llm.garbage", "モデルから読み取れない返事が届きました。情報担当に知らせてください。"},
    Row{"llm.too_long", "モデルの返事が長すぎるため、途中で止めました。"},
    Row{"llm.bad_endpoint", "接続先の設定が正しくありません。情報担当に知らせてください。"},
    Row{"stops.service", "サービス全体が緊急停止されたため、回答を止めました。"},
    Row{"stops.body", "この団体の利用が緊急停止されたため、回答を止めました。"},
    Row{"stops.route", "このネットワークからの利用が緊急停止されたため、回答を止めました。"},
    Row{"stops.endpoint", "この接続先が緊急停止されたため、回答を止めました。"},
    Row{"stops.collection", "回答のもとになる資料が緊急停止されたため、回答を止めました。"},
    Row{"stops.account", "このアカウントが緊急停止されたため、回答を止めました。"},
    Row{"chat.unknown", "回答の途中でサービスが止まったため、結果がわかりません。もう一度お尋ねください。"},
};

}  // namespace

std::string problem_title(std::string_view key) {
  for (const Row& row : kRows)
    if (row.key == key) return std::string(row.title);
  return "回答を作れませんでした。もう一度お試しください。";
}

}  // namespace sekisho::chat
