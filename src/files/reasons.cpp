#include "files/reasons.h"

#include <algorithm>
#include <array>

namespace sekisho::files {
namespace {

constexpr std::string_view kGeneral = "ファイルを読み取れませんでした。内容を確認し、もう一度登録してください。";

constexpr std::array kReasons = {
    Reason{"files.broken", "ファイルが壊れています。元のソフトウェアで開いて保存し直してから登録してください。"},
    Reason{"files.copy_forbidden", "文書の設定で文字の取り出しが禁止されています。作成者に確認し、制限のないものを登録してください。"},
    Reason{"files.crashed",
           "読み取り中に処理が異常終了しました。元のソフトウェアで保存し直すか、PDFやテキストに変換して登録してください。"},
    Reason{"files.empty", "ファイルの中身が空です。正しいファイルかどうか確認してください。"},
    Reason{"files.encrypted", "パスワードで保護されています。パスワードを解除してから登録してください。"},
    Reason{"files.invalid_encoding", "文字コードを判定できませんでした。文字コードを指定するか、UTF-8で保存し直して登録してください。"},
    Reason{"files.legacy_format", "古い形式のファイルです。docx・xlsx・pptxまたはPDFで保存し直してから登録してください。"},
    Reason{"files.macro", "マクロを含められる形式です。マクロなしの形式（docx・xlsx・pptx）で保存し直してから登録してください。"},
    Reason{"files.mislabelled", "拡張子と中身の形式が一致しません。ファイルの出どころと拡張子を確認してください。"},
    Reason{"files.no_text", "文字を取り出せませんでした。画像だけのファイルの場合は、文字認識（OCR）を済ませたものを登録してください。"},
    Reason{"files.replaced_characters", "一部の文字を変換できなかったため「�」で表示しています。文字コードの指定を確認してください。"},
    Reason{"files.some_pages_without_text", "文字のないページがあります。画像のページの内容は検索できません。"},
    Reason{"files.stopped", "サーバーの停止により読み取りを中断しました。再開すると続きから読み取ります。"},
    Reason{"files.timeout", "時間内に読み取りが終わりませんでした。ファイルを分割してから登録してください。"},
    Reason{"files.too_complex", "構造が複雑すぎるため読み取れません。不要な表や図を除くか、分割してから登録してください。"},
    Reason{"files.too_large", "ファイルが大きすぎます（上限は100MBです）。分割してから登録してください。"},
    Reason{"files.too_much_text", "文字数が上限を超えています。ファイルを分割してから登録してください。"},
    Reason{"files.unknown_encoding",
           "指定された文字コードには対応していません。UTF-8・UTF-16・CP932・EUC-JP・ISO-2022-JPから選んでください。"},
    Reason{"files.unsafe_xml", "外部の定義を参照する文書のため読み取りません。元のソフトウェアで保存し直してから登録してください。"},
    Reason{"files.unsupported_type",
           "対応していない形式です。PDF・Word・Excel・PowerPoint・テキスト・CSV・HTMLのいずれかで登録してください。"},
    Reason{"sandbox.unavailable", "ファイルを安全に読み取る環境を用意できません。システム管理者に連絡してください。"},
};

}  // namespace

std::span<const Reason> reasons() { return kReasons; }

std::string_view reason_text(std::string_view key) {
  const auto found = std::find_if(kReasons.begin(), kReasons.end(), [&](const Reason& reason) { return reason.key == key; });
  return found == kReasons.end() ? kGeneral : found->text;
}

}  // namespace sekisho::files
