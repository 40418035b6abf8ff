"""PDF output of build.py: A4, embedded IPAex Gothic, page numbers, outline, ruled tables. Same input, same bytes."""
import io
import re
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Spacer, Table, TableStyle

FONT_FILE = Path("/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf")
FONT = "IPAexGothic"
FRAME_WIDTH = A4[0] - 40 * mm


def style(name, size, **options):
    return ParagraphStyle(name, fontName=FONT, fontSize=size, leading=size * 1.6, wordWrap="CJK", **options)


STYLES = {
    "h1": style("h1", 16, spaceAfter=10), "h2": style("h2", 13, spaceBefore=10, spaceAfter=5),
    "h3": style("h3", 11.5, spaceBefore=7, spaceAfter=3), "h4": style("h4", 10.5, spaceBefore=5, spaceAfter=2),
    "text": style("text", 10.5, spaceAfter=3), "item": style("item", 10.5, leftIndent=14, spaceAfter=2), "cell": style("cell", 8.5),
}


class Template(BaseDocTemplate):
    """Adds the outline as headings are placed."""

    def afterFlowable(self, flowable):
        name = getattr(flowable, "style", None) and flowable.style.name
        if name in ("h1", "h2", "h3"):
            key = f"h{self.seq.nextf('heading')}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(flowable.getPlainText(), key, min(int(name[1]) - 1, self.depth + 1))
            self.depth = min(int(name[1]) - 1, self.depth + 1)


def column_widths(rows):
    weights = []
    for column in zip(*rows):
        longest = max(len(cell) for cell in column)
        weights.append(min(max(longest, 3), 26) + 1.5)
    total = sum(weights)
    return [FRAME_WIDTH * weight / total for weight in weights]


def table_flowable(rows, merge_spans):
    spans = merge_spans(rows)
    cells = [["" for _ in row] for row in rows]
    for r, c in spans:
        cells[r][c] = Paragraph(escape(rows[r][c]), STYLES["cell"])
    commands = [("GRID", (0, 0), (-1, -1), 0.4, colors.grey), ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
                ("LEFTPADDING", (0, 0), (-1, -1), 3), ("RIGHTPADDING", (0, 0), (-1, -1), 3),
                ("TOPPADDING", (0, 0), (-1, -1), 1), ("BOTTOMPADDING", (0, 0), (-1, -1), 3)]
    for (r, c), (height, width) in spans.items():
        if height > 1 or width > 1:
            commands.append(("SPAN", (c, r), (c + width - 1, r + height - 1)))
    return Table(cells, colWidths=column_widths(rows), repeatRows=1, style=TableStyle(commands))


def flowables(document, merge_spans):
    out = []
    for block in document.blocks:
        if block.kind == "heading":
            out.append(Paragraph(escape(block.text), STYLES[f"h{block.level}"]))
        elif block.kind == "table":
            out += [table_flowable(block.rows, merge_spans), Spacer(1, 6)]
        elif block.kind == "bullet":
            out.append(Paragraph("・" + escape(block.text), STYLES["item"]))
        elif block.kind == "number" or re.match(r"[（(][0-9０-９]+[)）]|[アイウエオカキク][ 　]", block.text):
            out.append(Paragraph(escape(block.text), STYLES["item"]))
        else:
            out.append(Paragraph(escape(block.text), STYLES["text"]))
    return out


def write_pdf(document, merge_spans, city):
    if FONT not in pdfmetrics.getRegisteredFontNames():
        if not FONT_FILE.exists():
            raise SystemExit(f"build.py: {FONT_FILE} is missing; install the Debian package fonts-ipaexfont-gothic")
        pdfmetrics.registerFont(TTFont(FONT, str(FONT_FILE)))

    def draw_page(canvas, template):
        canvas.setFont(FONT, 8)
        canvas.drawString(20 * mm, A4[1] - 12 * mm, f"{city['body']['name']}　{document.meta['title']}")
        canvas.drawCentredString(A4[0] / 2, 10 * mm, f"- {template.page} -")

    out = io.BytesIO()
    author = f"{city['body']['name']} {document.meta['department']}"
    template = Template(out, pagesize=A4, invariant=1, title=document.meta["title"], author=author, lang="ja")
    template.depth = -1
    frame = Frame(20 * mm, 18 * mm, FRAME_WIDTH, A4[1] - 36 * mm, leftPadding=0, rightPadding=0)
    template.addPageTemplates([PageTemplate(frames=[frame], onPage=draw_page)])
    template.build(flowables(document, merge_spans))
    return out.getvalue()
