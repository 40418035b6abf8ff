"""Word, Excel and PowerPoint output of build.py. Archives are rewritten with fixed dates, so the same input gives the same bytes."""
import datetime
import io
import re
import zipfile
from xml.sax.saxutils import escape

import docx
import openpyxl
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

FIXED = datetime.datetime(2026, 4, 1)
FONT = "游ゴシック"
EMU_WIDTH, EMU_HEIGHT = 12192000, 6858000


def fixed_zip(data):
    """The same archive with fixed dates and attributes."""
    source, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-04-01T00:00:00Z", content)
            target.writestr(zipfile.ZipInfo(name, (2026, 4, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


# ---- Word

def docx_table(target, rows, merge_spans):
    width = len(rows[0])
    table = target.add_table(len(rows), width, style="Table Grid")
    cells = table._cells  # one list; table.cell() rebuilds it on every call
    spans = merge_spans(rows)
    for (r, c), (height, columns) in spans.items():
        cell = cells[r * width + c]
        cell.text = rows[r][c]
        if r == 0:
            for run in cell.paragraphs[0].runs:
                run.bold = True
    for (r, c), (height, columns) in spans.items():
        if height > 1 or columns > 1:
            cells[r * width + c].merge(cells[(r + height - 1) * width + c + columns - 1])
    target.add_paragraph()


def write_docx(document, merge_spans):
    target = docx.Document()
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3", "Heading 4"):
        style = target.styles[name]
        style.font.name = FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    target.styles["Normal"].font.size = Pt(10.5)
    properties = target.core_properties
    properties.title, properties.author = document.meta["title"], document.meta["department"]
    properties.created, properties.modified = FIXED, FIXED
    properties.comments, properties.last_modified_by = "", document.meta["department"]
    footer = target.sections[0].footer.paragraphs[0]
    footer.text, footer.alignment = document.meta["title"], WD_ALIGN_PARAGRAPH.CENTER
    for block in document.blocks:
        if block.kind == "heading":
            target.add_heading(block.text, block.level)
        elif block.kind == "table":
            docx_table(target, block.rows, merge_spans)
        elif block.kind == "bullet":
            target.add_paragraph(block.text, style="List Bullet 2" if block.level else "List Bullet")
        else:
            paragraph = target.add_paragraph(block.text)
            paragraph.paragraph_format.space_after = Pt(3)
            if block.kind == "number" or re.match(r"[（(][0-9０-９]+[)）]|[アイウエオカキク][ 　]", block.text):
                paragraph.paragraph_format.left_indent = Pt(14)
    out = io.BytesIO()
    target.save(out)
    return fixed_zip(out.getvalue())


# ---- Excel

def typed(text):
    """(value, number format) of a cell: amounts, percentages and dates become real numbers and dates, everything else stays text."""
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+|-?[1-9]\d*|0", text):
        return int(text.replace(",", "")), "#,##0" if "," in text else "0"
    if re.fullmatch(r"-?(0|[1-9]\d*)\.\d+", text):
        return float(text), "0." + "0" * len(text.split(".")[1])
    if re.fullmatch(r"-?\d+(\.\d+)?%", text):
        decimals = len(text.rstrip("%").partition(".")[2])
        return float(text.rstrip("%")) / 100, ("0." + "0" * decimals if decimals else "0") + "%"
    era = re.fullmatch(r"令和(\d+|元)年(\d+)月(\d+)日", text)
    if era:
        year = 2018 + (1 if era[1] == "元" else int(era[1]))
        return datetime.date(year, int(era[2]), int(era[3])), '[$-411]ggge"年"m"月"d"日"'
    iso = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)
    if iso:
        return datetime.date(int(iso[1]), int(iso[2]), int(iso[3])), "yyyy/m/d"
    return text, "General"


def sheets_of(document):
    """[(sheet name, blocks)]; text before the first level-2 heading opens the first sheet."""
    sheets, opening = [], []
    for block in document.blocks:
        if block.kind == "heading" and block.level == 2:
            name = re.sub(r"[\[\]:*?/\\]", "・", block.text)[:31]
            sheets.append((name, []))
        elif sheets:
            sheets[-1][1].append(block)
        else:
            opening.append(block)
    if not sheets:
        return [(document.meta["title"][:31], opening)]
    sheets[0][1][:0] = opening
    return sheets


def sheet_table(sheet, top, rows, merge_spans):
    edge = Side(style="thin", color="808080")
    border = Border(left=edge, right=edge, top=edge, bottom=edge)
    spans = merge_spans(rows)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            cell = sheet.cell(top + r, 1 + c)
            cell.border = border
            if (r, c) in spans:
                cell.value, cell.number_format = typed(text)
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            if r == 0:
                cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E8EEF7")
    for (r, c), (height, width) in spans.items():
        if height > 1 or width > 1:
            sheet.merge_cells(start_row=top + r, start_column=1 + c, end_row=top + r + height - 1, end_column=c + width)
    return top + len(rows)


def write_xlsx(document, merge_spans):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, blocks in sheets_of(document):
        sheet, row, widths = book.create_sheet(name), 1, {}
        for block in blocks:
            if block.kind == "table":
                for c, column in enumerate(zip(*block.rows), 1):
                    widths[c] = max(widths.get(c, 6), min(40, 2 * max(len(cell) for cell in column) + 2))
                row = sheet_table(sheet, row, block.rows, merge_spans) + 1
                continue
            cell = sheet.cell(row, 1, ("・" if block.kind == "bullet" else "") + block.text)
            if block.kind == "heading":
                cell.font = Font(bold=True, size=14 if block.level == 1 else 11)
            row += 1
        for c, width in widths.items():
            sheet.column_dimensions[get_column_letter(c)].width = width
    book.properties.title, book.properties.creator = document.meta["title"], document.meta["department"]
    book.properties.created = FIXED
    out = io.BytesIO()
    book.save(out)
    return fixed_zip(out.getvalue())


# ---- PowerPoint, written by hand: a presentation, one master, one layout, one theme and the slides

NS = ('xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
      'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
      'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"')
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PART = "application/vnd.openxmlformats-officedocument.presentationml"
GROUP = ('<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>'
         '<p:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>')


def relations(items):
    rows = "".join(f'<Relationship Id="{key}" Type="{REL}/{kind}" Target="{target}"/>' for key, kind, target in items)
    return HEAD + f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


def paragraph_xml(text, level=0, bullet=False, size=1800):
    mark = '<a:buChar char="・"/>' if bullet else "<a:buNone/>"
    return (f'<a:p><a:pPr marL="{(level + (1 if bullet else 0)) * 285750}" lvl="{level}" indent="{-285750 if bullet else 0}">{mark}</a:pPr>'
            f'<a:r><a:rPr lang="ja-JP" sz="{size}"/><a:t>{escape(text)}</a:t></a:r></a:p>')


def shape_xml(number, name, kind, box, paragraphs):
    x, y, width, height = box
    place = f'<p:ph type="{kind}"' + (' idx="1"/>' if kind == "body" else "/>")
    return (f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
            f'<p:nvPr>{place}</p:nvPr></p:nvSpPr>'
            f'<p:spPr><a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
            f'<p:txBody><a:bodyPr><a:normAutofit/></a:bodyPr><a:lstStyle/>{paragraphs}</p:txBody></p:sp>')


def table_xml(number, rows, top, merge_spans):
    spans, width = merge_spans(rows), 11000000
    column = width // len(rows[0])
    lines = []
    for r, row in enumerate(rows):
        cells = []
        for c, text in enumerate(row):
            height, columns = spans.get((r, c), (1, 1))
            merge = (f' rowSpan="{height}"' if height > 1 else "") + (f' gridSpan="{columns}"' if columns > 1 else "")
            if (r, c) not in spans:
                merge, text = (' vMerge="1"' if text == "^" else ' hMerge="1"'), ""
            body = paragraph_xml(text, size=1200) if text else "<a:p><a:endParaRPr/></a:p>"
            cells.append(f"<a:tc{merge}><a:txBody><a:bodyPr/><a:lstStyle/>{body}</a:txBody><a:tcPr/></a:tc>")
        lines.append(f'<a:tr h="370840">{"".join(cells)}</a:tr>')
    grid = f'<a:gridCol w="{column}"/>' * len(rows[0])
    return (f'<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="{number}" name="表 {number}"/>'
            '<p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr>'
            f'<p:xfrm><a:off x="600000" y="{top}"/><a:ext cx="{width}" cy="{370840 * len(rows)}"/></p:xfrm><a:graphic>'
            f'<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/table"><a:tbl><a:tblPr firstRow="1" bandRow="1"/>'
            f'<a:tblGrid>{grid}</a:tblGrid>{"".join(lines)}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>')


def slide_xml(title, blocks, merge_spans):
    texts = [block for block in blocks if block.kind != "table"]
    tables = [block for block in blocks if block.kind == "table"]
    body_height = 1700000 if tables else 4900000
    shapes = [shape_xml(2, "タイトル 1", "title", (600000, 300000, 11000000, 900000), paragraph_xml(title, size=2800))]
    if texts:
        body = "".join(paragraph_xml(b.text, min(b.level, 3) if b.kind == "bullet" else 0, b.kind == "bullet", 1600) for b in texts)
        shapes.append(shape_xml(3, "本文 2", "body", (600000, 1300000, 11000000, body_height), body))
    top = 3100000 if texts else 1400000
    for number, block in enumerate(tables, 4):
        shapes.append(table_xml(number, block.rows, top, merge_spans))
        top += 370840 * len(block.rows) + 200000
    return HEAD + (f'<p:sld {NS}><p:cSld><p:spTree>{GROUP}{"".join(shapes)}</p:spTree></p:cSld>'
                   '<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>')


def theme_xml():
    names = ["dk1", "lt1", "dk2", "lt2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6", "hlink", "folHlink"]
    values = ["1A1A1A", "FFFFFF", "00316A", "F2F2F2", "0066BE", "259D63", "C74700", "6F23D0", "008BF2", "5C5C5C", "0017C1", "5C10BE"]
    scheme = "".join(f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in zip(names, values))
    faces = f'<a:latin typeface="{FONT}"/><a:ea typeface="{FONT}"/><a:cs typeface=""/>'
    fonts = "".join(f"<a:{kind}Font>{faces}</a:{kind}Font>" for kind in ("major", "minor"))
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="9525">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return HEAD + (f'<a:theme {NS.split(" ")[0]} name="市標準"><a:themeElements><a:clrScheme name="市標準">{scheme}</a:clrScheme>'
                   f'<a:fontScheme name="市標準">{fonts}</a:fontScheme><a:fmtScheme name="市標準"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
                   f"<a:lnStyleLst>{line * 3}</a:lnStyleLst><a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
                   f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>")


def frame_parts(slides):
    """Every part of the package except the slides themselves."""
    title = shape_xml(2, "タイトル", "title", (600000, 300000, 11000000, 900000), paragraph_xml("タイトル"))
    body = shape_xml(3, "本文", "body", (600000, 1300000, 11000000, 4900000), paragraph_xml("本文"))
    tree = f'<p:cSld name="標準"><p:spTree>{GROUP}{title}{body}</p:spTree></p:cSld>'
    colours = " ".join(f'{key}="{value}"' for key, value in [("bg1", "lt1"), ("tx1", "dk1"), ("bg2", "lt2"), ("tx2", "dk2")] +
                       [(name, name) for name in ("accent1", "accent2", "accent3", "accent4", "accent5", "accent6", "hlink", "folHlink")])
    numbers = range(1, slides + 1)
    kinds = [("presentation.xml", "presentation.main"), ("slideMasters/slideMaster1.xml", "slideMaster"),
             ("slideLayouts/slideLayout1.xml", "slideLayout")]
    kinds += [(f"slides/slide{n}.xml", "slide") for n in numbers]
    overrides = "".join(f'<Override PartName="/ppt/{path}" ContentType="{PART}.{kind}+xml"/>' for path, kind in kinds)
    overrides += ('<Override PartName="/ppt/theme/theme1.xml" ContentType="application/vnd.openxmlformats-officedocument.theme+xml"/>'
                  '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>')
    ids = "".join(f'<p:sldId id="{255 + n}" r:id="rId{n + 1}"/>' for n in numbers)
    slide_rels = [(f"rId{n + 1}", "slide", f"slides/slide{n}.xml") for n in numbers]
    return {
        "[Content_Types].xml": HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        + overrides + "</Types>",
        "_rels/.rels": relations([("rId1", "officeDocument", "ppt/presentation.xml")]).replace(
            "</Relationships>", '<Relationship Id="rId2" '
            'Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" '
            'Target="docProps/core.xml"/></Relationships>'),
        "ppt/presentation.xml": HEAD + f'<p:presentation {NS}>'
        '<p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="rId1"/></p:sldMasterIdLst>'
        f'<p:sldIdLst>{ids}</p:sldIdLst><p:sldSz cx="{EMU_WIDTH}" cy="{EMU_HEIGHT}"/>'
        f'<p:notesSz cx="{EMU_HEIGHT}" cy="{EMU_WIDTH}"/></p:presentation>',
        "ppt/_rels/presentation.xml.rels": relations([("rId1", "slideMaster", "slideMasters/slideMaster1.xml")] + slide_rels +
                                                     [(f"rId{slides + 2}", "theme", "theme/theme1.xml")]),
        "ppt/slideMasters/slideMaster1.xml": HEAD + f'<p:sldMaster {NS}>{tree}<p:clrMap {colours}/>'
        '<p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="rId1"/></p:sldLayoutIdLst></p:sldMaster>',
        "ppt/slideMasters/_rels/slideMaster1.xml.rels": relations([("rId1", "slideLayout", "../slideLayouts/slideLayout1.xml"),
                                                                   ("rId2", "theme", "../theme/theme1.xml")]),
        "ppt/slideLayouts/slideLayout1.xml": HEAD + f'<p:sldLayout {NS} type="obj">{tree}'
        '<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>',
        "ppt/slideLayouts/_rels/slideLayout1.xml.rels": relations([("rId1", "slideMaster", "../slideMasters/slideMaster1.xml")]),
        "ppt/theme/theme1.xml": theme_xml(),
    }


def slides_of(document):
    slides = [(document.meta["title"], [])]
    for block in document.blocks:
        if block.kind == "heading" and block.level == 2:
            slides.append((block.text, []))
        elif not (block.kind == "heading" and block.level == 1):
            slides[-1][1].append(block)
    return slides


def write_pptx(document, merge_spans):
    slides, out = slides_of(document), io.BytesIO()
    parts = frame_parts(len(slides))
    parts["docProps/core.xml"] = HEAD + (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(document.meta["title"])}</dc:title>'
        f'<dc:creator>{escape(document.meta["department"])}</dc:creator></cp:coreProperties>')
    for number, (title, blocks) in enumerate(slides, 1):
        parts[f"ppt/slides/slide{number}.xml"] = slide_xml(title, blocks, merge_spans)
        parts[f"ppt/slides/_rels/slide{number}.xml.rels"] = relations([("rId1", "slideLayout", "../slideLayouts/slideLayout1.xml")])
    with zipfile.ZipFile(out, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return fixed_zip(out.getvalue())
