#!/usr/bin/python3
"""Writes the small files that the extraction tests read: one per format, with the features that matter. Standard Debian packages only.

usage: make.py FOLDER
"""
import os
import sys
import zipfile

import docx
import openpyxl
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl.styles import NamedStyle  # noqa: F401  (proves the whole package is there)
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

OUT = sys.argv[1]


def path(name):
    return os.path.join(OUT, name)


def write(name, data):
    with open(path(name), "wb") as f:
        f.write(data)


def make_docx():
    d = docx.Document()
    d.core_properties.title = "文書管理要領"
    d.sections[0].header.paragraphs[0].text = "ヘッダーの文字"
    d.add_heading("文書管理要領", 1)
    d.add_heading("保存期間", 2)
    d.add_paragraph("公文書の保存期間は別に定める。")
    p = d.add_paragraph("残る文")
    deletion = OxmlElement("w:del")
    run = OxmlElement("w:r")
    text = OxmlElement("w:delText")
    text.text = "消された文"
    run.append(text)
    deletion.append(run)
    p._p.append(deletion)
    d.add_paragraph("最初の項目", style="List Bullet")
    d.add_paragraph("番号の項目", style="List Number")
    d.add_paragraph("（目的）")
    d.add_paragraph("第１条　この要領は、文書の管理について定める。")
    d.add_paragraph("２　前項の規定にかかわらず、別に定めることができる。")
    t = d.add_table(rows=4, cols=3)
    for i, h in enumerate(["区分", "種類", "年数"]):
        t.cell(0, i).text = h
    a = t.cell(1, 0).merge(t.cell(2, 0))
    a.text = "永年"
    t.cell(1, 1).text = "条例"
    t.cell(1, 2).text = "30年"
    t.cell(2, 1).text = "規則"
    t.cell(2, 2).text = "10年"
    b = t.cell(3, 0).merge(t.cell(3, 1))
    b.text = "その他"
    t.cell(3, 2).text = "1年"
    d.save(path("rule.docx"))
    nested = docx.Document()
    for _ in range(3):
        nested.add_paragraph("本文")
    nested.save(path("short.docx"))


def make_xlsx():
    import datetime
    w = openpyxl.Workbook()
    s = w.active
    s.title = "予算"
    s.append(["令和8年度 当初予算", None, None])
    s.append(["款", "項目", "金額", "執行日", "率"])
    s.append(["総務費", "庁舎管理", 1234567, datetime.date(2026, 3, 30), 0.125])
    s.append([None, "広報", 89000, datetime.date(2019, 5, 1), 0.5])
    s.append(["民生費", "福祉", 5000, datetime.datetime(2026, 4, 1, 9, 30), 1])
    s.merge_cells("A3:A4")
    s["C3"].number_format = "#,##0"
    s["D3"].number_format = '[$-411]ggge"年"m"月"d"日"'
    s["D4"].number_format = "[$-411]ge.m.d"
    s["D5"].number_format = "yyyy/m/d h:mm"
    s["E3"].number_format = "0.0%"
    h = w.create_sheet("裏")
    h.append(["隠れた", "値"])
    h.append(["甲", 1])
    h.sheet_state = "hidden"
    w.save(path("budget.xlsx"))


NS = ('xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
      'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
      'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"')
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def rels(*items):
    body = "".join(f'<Relationship Id="{i}" Type="{REL}{t}" Target="{g}"/>' for i, t, g in items)
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{body}</Relationships>'


def shape(kind, *lines):
    ph = f'<p:ph type="{kind}"/>' if kind else ""
    paragraphs = "".join(f"<a:p><a:r><a:t>{x}</a:t></a:r></a:p>" for x in lines)
    return f"<p:sp><p:nvSpPr><p:nvPr>{ph}</p:nvPr></p:nvSpPr><p:txBody>{paragraphs}</p:txBody></p:sp>"


def cell(text, extra=""):
    return f"<a:tc {extra}><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>"


def make_pptx():
    table = ('<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tblPr firstRow="1"/>'
             f'<a:tr>{cell("時刻")}{cell("内容")}</a:tr>'
             f'<a:tr>{cell("9時", "rowSpan=" + chr(34) + "2" + chr(34))}{cell("開会")}</a:tr>'
             f'<a:tr>{cell("", "vMerge=" + chr(34) + "1" + chr(34))}{cell("説明")}</a:tr>'
             "</a:tbl></a:graphicData></a:graphic></p:graphicFrame>")

    def slide(inner, show=""):
        return f"<p:sld {NS} {show}><p:cSld><p:spTree>{inner}</p:spTree></p:cSld></p:sld>"

    with zipfile.ZipFile(path("briefing.pptx"), "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
        z.writestr("_rels/.rels", rels(("r1", "officeDocument", "ppt/presentation.xml")))
        z.writestr("ppt/presentation.xml",
                   f'<p:presentation {NS}><p:sldIdLst><p:sldId id="257" r:id="r2"/><p:sldId id="256" r:id="r1"/></p:sldIdLst></p:presentation>')
        z.writestr("ppt/_rels/presentation.xml.rels", rels(("r1", "slide", "slides/slide1.xml"), ("r2", "slide", "slides/slide2.xml")))
        z.writestr("ppt/slides/slide1.xml", slide(shape("title", "防災訓練の流れ") + table, 'show="0"'))
        z.writestr("ppt/slides/slide2.xml", slide(shape("body", "職員の集合", "安否の確認") + shape("title", "防災訓練について") + shape("sldNum", "1")))
        z.writestr("ppt/slides/_rels/slide2.xml.rels", rels(("r1", "notesSlide", "../notesSlides/notesSlide1.xml")))
        z.writestr("ppt/notesSlides/notesSlide1.xml",
                   f'<p:notes {NS}><p:cSld><p:spTree>{shape("body", "時間を守る。")}</p:spTree></p:cSld></p:notes>')


def make_pdf():
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiKakuGo-W5"))

    def pages(c):
        for n, lines in enumerate([["第１章　総則", "（目的）", "第１条　この規程は、職員の服務について定める。"], ["第２条　職員は、誠実に職務を行う。"]]):
            c.setFont("HeiseiKakuGo-W5", 12)
            for i, line in enumerate(lines):
                c.drawString(72, 760 - 40 * i, line)
            c.drawCentredString(297, 40, str(n + 1))
            c.showPage()

    c = canvas.Canvas(path("rule.pdf"), pagesize=A4)
    pages(c)
    c.save()
    from reportlab.lib.pdfencrypt import StandardEncryption
    c = canvas.Canvas(path("locked.pdf"), pagesize=A4, encrypt=StandardEncryption("secret", canPrint=0))
    pages(c)
    c.save()
    c = canvas.Canvas(path("scan.pdf"), pagesize=A4)
    c.rect(100, 100, 200, 200, fill=1)
    c.showPage()
    c.save()


def make_bad():
    with zipfile.ZipFile(path("bomb.docx"), "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("_rels/.rels", rels(("r1", "officeDocument", "word/document.xml")))
        with z.open("word/document.xml", "w", force_zip64=True) as f:
            for _ in range(64):
                f.write(b"<a>" + b" " * (1 << 20))
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><w:document xmlns:w="x"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>'
    deep = '<w:document xmlns:w="x"><w:body>' + "<w:sdt>" * 100000 + "</w:sdt>" * 100000 + "</w:body></w:document>"
    for name, xml in (("laughs.docx", laughs), ("deep.docx", deep)):
        with zipfile.ZipFile(path(name), "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("_rels/.rels", rels(("r1", "officeDocument", "word/document.xml")))
            z.writestr("word/document.xml", xml)
    whole = open(path("rule.docx"), "rb").read()
    write("truncated.docx", whole[: len(whole) // 2])
    write("broken.pdf", b"%PDF-1.4\n" + b"\x01\x02 garbage " * 50)
    write("mislabelled.docx", open(path("rule.pdf"), "rb").read())
    compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
    write("locked.docx", compound + "EncryptedPackage".encode("utf-16le") + b"\0" * 64)
    write("old.doc", compound + "WordDocument".encode("utf-16le") + b"\0" * 64)


make_docx()
make_xlsx()
make_pptx()
make_pdf()
make_bad()
