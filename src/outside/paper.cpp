#include "outside/paper.h"

#include <qrencode.h>

#include <memory>

#include "core/markup.h"

namespace sekisho::outside {
namespace {

// Groups of four, for reading aloud and typing.
std::string grouped(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i < hex.size(); ++i) out += (i > 0 && i % 4 == 0 ? " " : "") + std::string(1, hex[i]);
  return out;
}

std::string row(const std::string& name, const std::string& value) { return "<tr><th>" + name + "</th><td>" + value + "</td></tr>\n"; }

}  // namespace

Result<Modules> qr_code(const std::string& bytes) {
  const std::unique_ptr<QRcode, void (*)(QRcode*)> code(
      QRcode_encodeData(static_cast<int>(bytes.size()), reinterpret_cast<const unsigned char*>(bytes.data()), 0, QR_ECLEVEL_M), QRcode_free);
  if (code == nullptr) return fail(Code::too_large, "log.qr", "does not fit a QR code");
  const auto side = static_cast<std::size_t>(code->width);
  Modules out(side, std::vector<bool>(side));
  for (std::size_t y = 0; y < side; ++y)
    for (std::size_t x = 0; x < side; ++x) out[y][x] = (code->data[y * side + x] & 1) != 0;
  return out;
}

std::string qr_svg(const Modules& code) {
  constexpr std::size_t kQuiet = 4;
  const std::size_t side = code.size() + 2 * kQuiet;
  std::string path;
  for (std::size_t y = 0; y < code.size(); ++y)
    for (std::size_t x = 0; x < code[y].size(); ++x)
      if (code[y][x]) path += "M" + std::to_string(x + kQuiet) + " " + std::to_string(y + kQuiet) + "h1v1h-1z";
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + std::to_string(side) + " " + std::to_string(side) +
         "\" shape-rendering=\"crispEdges\" role=\"img\" aria-label=\"QRコード\"><path fill=\"#fff\" d=\"M0 0h" + std::to_string(side) + "v" + std::to_string(side) + "h-" +
         std::to_string(side) + "z\"/><path d=\"" + path + "\"/></svg>";
}

Result<std::string> head_page(const PaperHead& head, Timestamp printed_at) {
  SK_TRY(const Modules code, qr_code(head.checkpoint));
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"ja\"><head><meta charset=\"utf-8\"><title>記録の先頭</title><style>\n"
      "@page{size:A4;margin:20mm}body{font-family:sans-serif;font-size:11pt;line-height:1.6;max-width:170mm;margin:auto}\n"
      "h1{font-size:16pt}table{border-collapse:collapse;width:100%}th,td{border:1px solid #000;padding:2mm;text-align:left;vertical-align:top}th{width:35mm}\n"
      ".hex,pre{font-family:monospace;font-size:11pt}pre{font-size:8pt;white-space:pre-wrap;word-break:break-all;border:1px solid #000;padding:2mm}svg{width:70mm;height:70mm}\n"
      "</style></head><body>\n<h1>記録の先頭</h1>\n<table>\n";
  out += row("団体", escape_markup(head.body)) + row("記録の名", escape_markup(head.origin)) + row("件数", std::to_string(head.size)) + row("根", "<span class=\"hex\">" + grouped(head.root_hex) + "</span>");
  out += row("署名した日時", to_wareki(jst_date(head.at)) + "（" + to_jst_minutes(head.at) + "）") + row("印刷した日", to_wareki(jst_date(printed_at)));
  out += "</table>\n<p>あとの書き出しが、この先頭の続きであることは、次のどちらかで確かめられます。</p>\n<ul><li>sekisho-verify 書き出し --trust 鍵 --head " + std::to_string(head.size) +
         ":根（空白なしの64桁）</li>\n<li>下のQRコードを読み取ってファイルに保存し、sekisho-verify 書き出し --trust 鍵 --earlier ファイル</li></ul>\n<pre>" + escape_markup(head.checkpoint) + "</pre>\n" + qr_svg(code) +
         "\n</body></html>\n";
  return out;
}

}  // namespace sekisho::outside
