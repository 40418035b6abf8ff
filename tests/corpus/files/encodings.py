#!/usr/bin/python3
"""Writes the encoding samples: one text in every encoding that is detected, and all of CP932. usage: encodings.py FOLDER"""
import os
import sys

OUT = sys.argv[1]


def write(name, data):
    with open(os.path.join(OUT, name), "wb") as f:
        f.write(data)


PROSE = ("潮見野市では、住民票の写しの交付を市民課の窓口で行っています。\n受付時間は、午前８時30分から午後５時15分までです。\n"
         "郵便で請求するときは、手数料分の定額小為替と返信用封筒を同封してください。\n")
TABLE = "コード,名称,金額\n001,庁舎管理費,1200000\n002,広報・公聴費,89000\n003,ﾃﾞｰﾀ入力,5000\n"
NAMES = "山田太郎\n佐藤花子\n鈴木一郎\n高橋美咲\n渡辺健\n"
for name, text in (("prose", PROSE), ("table", TABLE), ("names", NAMES)):
    write(name + ".utf8", text.encode())
    write(name + ".utf8bom", b"\xef\xbb\xbf" + text.encode())
    write(name + ".utf16le", text.encode("utf-16le"))
    write(name + ".utf16be", text.encode("utf-16be"))
    write(name + ".utf16lebom", b"\xff\xfe" + text.encode("utf-16le"))
    write(name + ".sjis", text.encode("cp932"))
    write(name + ".euc", text.encode("euc_jp"))
    write(name + ".jis", text.encode("iso2022_jp_ext"))

# Python's cp932 is Microsoft's table. One line per lead byte; what does not decode is left out.
lines = []
for lead in list(range(0x81, 0xA0)) + list(range(0xE0, 0xF0)) + list(range(0xFA, 0xFD)):
    cells = b""
    for trail in range(0x40, 0xFD):
        try:
            bytes([lead, trail]).decode("cp932")
        except UnicodeDecodeError:
            continue
        cells += bytes([lead, trail])
    lines.append(cells)
lines.append(bytes(range(0x20, 0x7F)) + bytes(range(0xA1, 0xE0)))
whole = b"\n".join(lines)
write("cp932_all.bin", whole)
write("cp932_all.utf8", whole.decode("cp932").encode())

# Row 13 (NEC) and the NEC-selected IBM characters, and the signs that differ between vendors; ｱ is half-width kana.
EXT = "①⑳ⅠⅩ㍉㈱№℡∥～－￠￢㍻髙﨑ｱ"
EXT = EXT.replace("①", "①")
sjis = b""
for ch in EXT:
    code = ch.encode("cp932")
    if ch in "髙﨑":
        code = {"髙": b"\xee\xe0", "﨑": b"\xed\x95"}[ch]  # the NEC-selected places, which JIS rows can reach
        assert code.decode("cp932") == ch
    sjis += code + b"\n"


def to_jis(pair):
    lead, trail = pair
    row = ((lead - 0x81) if lead < 0xA0 else (lead - 0xC1)) * 2
    if trail >= 0x9F:
        return bytes([row + 2 + 0x20, trail - 0x9E + 0x20])
    return bytes([row + 1 + 0x20, trail - (0x3F if trail < 0x7F else 0x40) + 0x20])


euc, jis = b"", b""
for code in sjis.split(b"\n")[:-1]:
    if len(code) == 1:
        euc += b"\x8e" + code + b"\n"
        jis += b"\x1b(I" + bytes([code[0] & 0x7F]) + b"\x1b(B\n"
    else:
        pair = to_jis(code)
        euc += bytes(b | 0x80 for b in pair) + b"\n"
        jis += b"\x1b$B" + pair + b"\x1b(B\n"
write("extensions.utf8", sjis.decode("cp932").encode())
write("extensions.euc", euc)
write("extensions.jis", jis)
