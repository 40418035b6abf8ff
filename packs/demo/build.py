#!/usr/bin/python3
"""Builds the files of the demo city from documents/*.md.

Reads   documents/*.md (UTF-8, front matter and a Markdown subset), questions-*.tsv, city.json and body.json beside this file.
Writes  OUT/<collection>/<title>.<ext> in every format, OUT/manifest.json and OUT/questions.tsv.
The same sources always give the same bytes: no clock, fixed archive dates, sorted order.
Any fault in a source stops the build with the file and the reason; nothing is guessed.

    build.py --out DIR      check everything, then write
    build.py --check        only check
"""
import argparse
import csv
import html
import io
import json
import re
import sys
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

sys.dont_write_bytecode = True  # the pack folder holds sources only
import build_office  # noqa: E402
import build_pdf  # noqa: E402

HERE = Path(__file__).resolve().parent
FORMATS = {"docx", "pdf", "xlsx", "pptx", "txt", "md", "html", "csv", "tsv"}
ENCODINGS = {"utf-8": "utf-8", "cp932": "cp932", "euc-jp": "euc_jp", "utf-16": "utf-16-le"}
KEYS = {"id", "title", "collection", "department", "format", "encoding", "confidentiality", "readers"}
# One sign, two code points: each legacy encoding has only one of them.
CP932_SIGNS = str.maketrans({"〜": "～", "−": "－", "–": "－", "—": "―", "‖": "∥", "¢": "￠", "£": "￡", "¬": "￢", "¥": "￥", "²": "2", "³": "3"})
EUC_SIGNS = str.maketrans({"～": "〜", "－": "−", "–": "−", "―": "—", "∥": "‖", "¥": "￥", "²": "2", "³": "3"})
PASSAGE_MIN, PASSAGE_MAX = 8, 160


class SourceError(Exception):
    """A fault in a source file; the message names the file."""


@dataclass
class Block:
    """One block of a document. kind: heading | text | bullet | number | table."""
    kind: str
    text: str = ""
    level: int = 0
    rows: list = field(default_factory=list)


@dataclass
class Document:
    path: Path
    meta: dict
    blocks: list

    @property
    def encoding(self):
        return self.meta.get("encoding", "utf-8")

    @property
    def is_text(self):
        return self.meta["format"] in {"txt", "md", "html", "csv", "tsv"}

    def adapt(self, text):
        """The text as the document's own encoding can hold it."""
        if self.is_text and self.encoding == "cp932":
            return text.translate(CP932_SIGNS)
        if self.is_text and self.encoding == "euc-jp":
            return text.translate(EUC_SIGNS)
        return text


def split_row(line):
    cells = line.strip()
    cells = cells[1:] if cells.startswith("|") else cells
    cells = cells[:-1] if cells.endswith("|") else cells
    return [cell.strip() for cell in cells.split("|")]


def is_rule(line):
    return bool(re.fullmatch(r"\s*\|?[\s:|-]*-[\s:|-]*", line))


def parse_table(path, lines):
    rows = [split_row(line) for line in lines if not is_rule(line)]
    width = len(rows[0])
    for row in rows:
        if len(row) != width:
            raise SourceError(f"{path.name}: table row has {len(row)} cells, its header has {width}: {' | '.join(row)[:80]}")
    if any(cell in ("^", "<") for cell in rows[0][:1]) or "^" in rows[0]:
        raise SourceError(f"{path.name}: a table starts with a merge sign")
    return Block("table", rows=rows)


def parse_body(path, body):
    blocks, table = [], []
    for line in body.replace("**", "").split("\n") + [""]:
        if line.lstrip().startswith("|"):
            table.append(line)
            continue
        if table:
            blocks.append(parse_table(path, table))
            table = []
        stripped = line.strip()
        heading = re.match(r"(#{1,4})\s+(.*)", stripped)
        bullet = re.match(r"( *)[-*] +(.*)", line)
        number = re.match(r"( *)(\d+\. +.*)", line)
        if heading:
            blocks.append(Block("heading", heading[2].strip(), len(heading[1])))
        elif bullet:
            blocks.append(Block("bullet", bullet[2].strip(), len(bullet[1]) // 2))
        elif number:
            blocks.append(Block("number", number[2].strip(), len(number[1]) // 2))
        elif stripped:
            blocks.append(Block("text", stripped))
    return blocks


def parse_document(path):
    text = unicodedata.normalize("NFC", path.read_text(encoding="utf-8"))
    match = re.match(r"---\n(.*?)\n---\n(.*)", text, re.S)
    if not match:
        raise SourceError(f"{path.name}: no front matter")
    meta = {}
    for line in match[1].split("\n"):
        line = re.sub(r"\s+#.*$", "", line)
        if not line.strip():
            continue
        key, sep, value = line.partition(":")
        if not sep or key.strip() not in KEYS:
            raise SourceError(f"{path.name}: unknown front matter line: {line}")
        meta[key.strip()] = value.strip()
    return Document(path, meta, parse_body(path, match[2]))


def check_meta(document, city):
    name, meta = document.path.name, document.meta
    missing = KEYS - {"encoding"} - meta.keys()
    if missing:
        raise SourceError(f"{name}: front matter lacks {', '.join(sorted(missing))}")
    if not re.match(rf"{re.escape(meta['id'])}(\D|$)", document.path.stem):
        raise SourceError(f"{name}: id {meta['id']} does not agree with the file name")
    departments = {item["name"] for item in city["units"]}
    allowed = [
        ("format", FORMATS), ("collection", {item["name"] for item in city["collections"]}), ("department", departments),
        ("confidentiality", {str(n) for n in range(1, len(city["levels"]) + 1)}), ("readers", departments | {"all"}),
    ]
    for key, values in allowed:
        if meta[key] not in values:
            raise SourceError(f"{name}: {key} '{meta[key]}' is not one of {', '.join(sorted(values))}")
    if document.encoding not in ENCODINGS:
        raise SourceError(f"{name}: encoding '{document.encoding}' is not one of {', '.join(ENCODINGS)}")
    tables = [block for block in document.blocks if block.kind == "table"]
    if meta["format"] in {"csv", "tsv"} and len(tables) != 1:
        raise SourceError(f"{name}: a {meta['format']} document has exactly one table, this one has {len(tables)}")


def merge_spans(rows):
    """Anchors of a table: {(row, column): (height, width)}; cells holding ^ or < belong to the anchor above or to the left."""
    owner = {}
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell == "^" and r > 0:
                owner[r, c] = owner[r - 1, c]
            elif cell == "<" and c > 0:
                owner[r, c] = owner[r, c - 1]
            else:
                owner[r, c] = (r, c)
    spans = {}
    for (r, c), (top, left) in owner.items():
        height, width = spans.get((top, left), (1, 1))
        spans[top, left] = (max(height, r - top + 1), max(width, c - left + 1))
    return spans


def resolved_rows(rows):
    """Rows with every merged cell filled with its anchor's text."""
    filled = [list(row) for row in rows]
    for (top, left), (height, width) in merge_spans(rows).items():
        for r in range(top, top + height):
            for c in range(left, left + width):
                filled[r][c] = rows[top][left]
    return filled


def text_units(document):
    """Every place a passage may be: a line, a cell, or a row written as 'a | b | c'."""
    for block in document.blocks:
        if document.meta["format"] in {"csv", "tsv"} and block.kind != "table":
            continue
        if block.kind != "table":
            yield block.text
            continue
        for row, full in zip(block.rows, resolved_rows(block.rows)):
            yield from full
            yield " | ".join(row)
            yield " | ".join(full)


def count_characters(document):
    total = 0
    for block in document.blocks:
        if document.meta["format"] in {"csv", "tsv"} and block.kind != "table":
            continue
        cells = [cell for row in block.rows for cell in row if cell not in ("^", "<")]
        total += len(block.text) + sum(len(cell) for cell in cells)
    return total


# ---- text formats

def write_txt(document):
    lines = []
    for block in document.blocks:
        if block.kind == "heading":
            mark = {1: "　　　　", 2: "■　", 3: "○　"}.get(block.level, "・　")
            lines += ["", mark + block.text, ""] if lines else [mark + block.text, ""]
        elif block.kind == "table":
            lines += ["　" + "　｜　".join(row) for row in resolved_rows(block.rows)] + [""]
        elif block.kind == "bullet":
            lines.append("　" * (block.level + 1) + "・" + block.text)
        elif re.match(r"(第[0-9０-９]+条|附　*則|（.{1,24}）$)", block.text):
            lines.append(block.text if block.text.startswith("第") else "　" + block.text)
        else:
            lines.append("　" + block.text)
    return "\n".join(lines) + "\n"


def write_delimited(document, delimiter):
    rows = resolved_rows(next(block.rows for block in document.blocks if block.kind == "table"))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def write_md(document):
    body = document.path.read_text(encoding="utf-8").split("\n---\n", 1)[1]
    return unicodedata.normalize("NFC", body).lstrip("\n")


def html_table(rows):
    spans, out = merge_spans(rows), ["<table>", "<thead>"]
    for r, row in enumerate(rows):
        tag = "th" if r == 0 else "td"
        cells = []
        for c, cell in enumerate(row):
            if (r, c) not in spans:
                continue
            height, width = spans[r, c]
            attributes = (' scope="col"' if r == 0 else "") + (f' rowspan="{height}"' if height > 1 else "")
            attributes += f' colspan="{width}"' if width > 1 else ""
            cells.append(f"<{tag}{attributes}>{html.escape(cell)}</{tag}>")
        out.append("<tr>" + "".join(cells) + "</tr>")
        if r == 0:
            out += ["</thead>", "<tbody>"]
    return "\n".join(out + ["</tbody>", "</table>"])


def html_main(document):
    out, open_list = [], None
    for block in document.blocks:
        wanted = {"bullet": "ul", "number": "ol"}.get(block.kind)
        if open_list and wanted != open_list:
            out.append(f"</{open_list}>")
        if wanted and wanted != open_list:
            out.append(f"<{wanted}>")
        open_list = wanted
        if block.kind == "heading":
            out.append(f"<h{block.level}>{html.escape(block.text)}</h{block.level}>")
        elif block.kind == "table":
            out.append(html_table(block.rows))
        elif wanted:
            out.append(f"<li>{html.escape(re.sub(r'^[0-9]+[.] +', '', block.text))}</li>")
        else:
            out.append(f"<p>{html.escape(block.text)}</p>")
    return "\n".join(out + ([f"</{open_list}>"] if open_list else []))


def write_html(document, city):
    title, body = html.escape(document.meta["title"]), city["body"]
    links = "".join(f'<li><a href="/{i}/">{html.escape(item["name"])}</a></li>' for i, item in enumerate(city["collections"]))
    charset = {"cp932": "Shift_JIS", "euc-jp": "EUC-JP"}.get(document.encoding, document.encoding.upper())
    return f"""<!DOCTYPE html>
<html lang="ja">
<head>
<meta charset="{charset}">
<title>{title}｜{html.escape(body["name"])}</title>
<style>table {{ border-collapse: collapse }} th, td {{ border: 1px solid #888; padding: 4px }}</style>
<script>window.pageId = "{document.meta["id"]}";</script>
</head>
<body>
<header><p>{html.escape(body["name"])}公式ページ</p></header>
<nav><ul><li><a href="/">トップページ</a></li>{links}</ul></nav>
<main><article>
{html_main(document)}
</article></main>
<footer><p>{html.escape(body["address"])}　電話 {body["phone"]}　開庁時間 {body["hours"]}</p><p>このページの先頭へ戻る</p></footer>
</body>
</html>
"""


def encode_text(document, text):
    newline = "\r\n" if document.encoding in {"cp932", "utf-16"} else "\n"
    text = document.adapt(text).replace("\n", newline)
    try:
        data = text.encode(ENCODINGS[document.encoding])
    except UnicodeEncodeError as error:
        near = text[max(0, error.start - 10):error.end + 10]
        raise SourceError(f"{document.path.name}: {document.encoding} has no '{text[error.start]}' (near '{near}')") from error
    return (b"\xff\xfe" if document.encoding == "utf-16" else b"") + data


def render(document, city):
    """The bytes of the document in its own format."""
    kind = document.meta["format"]
    office = {"docx": build_office.write_docx, "xlsx": build_office.write_xlsx, "pptx": build_office.write_pptx}
    if kind in office:
        return office[kind](document, merge_spans)
    if kind == "pdf":
        return build_pdf.write_pdf(document, merge_spans, city)
    writers = {
        "txt": write_txt, "md": write_md, "html": lambda d: write_html(d, city),
        "csv": lambda d: write_delimited(d, ","), "tsv": lambda d: write_delimited(d, "\t"),
    }
    return encode_text(document, writers[kind](document))


# ---- questions

def normal_row(text):
    return re.sub(r"\s*\|\s*", " | ", text.replace("**", "").strip())


def check_question(where, cells, documents):
    """The question as (id, question, document id, passage, answer), the passage as the built file holds it."""
    if len(cells) != 5:
        raise SourceError(f"{where}: {len(cells)} columns, 5 are needed")
    number, question, source, passage, answer = (unicodedata.normalize("NFC", cell).strip() for cell in cells)
    document = documents.get(source)
    if document is None:
        raise SourceError(f"{where} {number}: there is no document {source}")
    if answer not in passage or not answer:
        raise SourceError(f"{where} {number}: the answer '{answer}' is not in the passage '{passage}'")
    passage = normal_row(passage).removeprefix("| ").removesuffix(" |")
    if not PASSAGE_MIN <= len(passage) <= PASSAGE_MAX:
        raise SourceError(f"{where} {number}: the passage has {len(passage)} characters, {PASSAGE_MIN} to {PASSAGE_MAX} are allowed")
    if not any(passage in unit for unit in text_units(document)):
        raise SourceError(f"{where} {number}: the passage is not inside one line or row of {source}: {passage}")
    return [number, question, source, document.adapt(passage), document.adapt(answer)]


def read_questions(documents):
    questions = []
    for path in sorted(HERE.glob("questions-*.tsv")):
        for line_number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if line.strip():
                questions.append(check_question(f"{path.name}:{line_number}", line.split("\t"), documents))
    seen = set()
    for question in questions:
        if question[0] in seen:
            raise SourceError(f"question id {question[0]} is used twice")
        seen.add(question[0])
    return questions


def file_name(document):
    title = re.sub(r'[\\/:*?"<>|]', "＿", document.meta["title"])
    return f"{document.meta['collection']}/{title}.{document.meta['format']}"


def manifest_entry(document):
    meta = document.meta
    return {
        "id": meta["id"], "title": meta["title"], "file": file_name(document), "collection": meta["collection"],
        "department": meta["department"], "format": meta["format"], "encoding": document.encoding if document.is_text else None,
        "confidentiality": int(meta["confidentiality"]), "readers": meta["readers"], "characters": count_characters(document),
    }


def load(city):
    documents, files = {}, {}
    for path in sorted((HERE / "documents").glob("*.md")):
        document = parse_document(path)
        check_meta(document, city)
        if document.meta["id"] in documents:
            raise SourceError(f"{path.name}: id {document.meta['id']} is used twice")
        if file_name(document) in files:
            raise SourceError(f"{path.name}: same title and collection as {files[file_name(document)]}")
        documents[document.meta["id"]] = document
        files[file_name(document)] = path.name
    return documents


def remove_stale(out, documents):
    """Removes what an earlier build wrote there and this one will not; nothing else in the folder is touched."""
    earlier = out / "manifest.json"
    if earlier.exists():
        current = {file_name(document) for document in documents.values()}
        for entry in json.loads(earlier.read_text(encoding="utf-8")):
            if entry["file"] not in current:
                (out / entry["file"]).unlink(missing_ok=True)


def write_all(out, documents, questions, city):
    remove_stale(out, documents)
    for document in documents.values():
        target = out / file_name(document)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(render(document, city))
    manifest = [manifest_entry(document) for document in documents.values()]
    (out / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (out / "questions.tsv").write_text("".join("\t".join(row) + "\n" for row in questions), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description="Build the files of the demo city.")
    parser.add_argument("--out", type=Path, help="folder to write into (made if absent)")
    parser.add_argument("--check", action="store_true", help="check the sources and write nothing")
    arguments = parser.parse_args()
    if bool(arguments.out) == arguments.check:
        parser.error("give either --out DIR or --check")
    try:
        city = json.loads((HERE / "city.json").read_text(encoding="utf-8"))
        profile = json.loads((HERE / "body.json").read_text(encoding="utf-8"))
        city |= {"units": profile["units"], "levels": profile["confidentiality"]}
        city["body"]["name"] = profile["name"]
        documents = load(city)
        questions = read_questions(documents)
        if arguments.out:
            write_all(arguments.out, documents, questions, city)
    except SourceError as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 1
    total = sum(count_characters(document) for document in documents.values())
    formats = sorted({document.meta["format"] for document in documents.values()})
    print(f"{len(documents)} documents, {total} characters, {len(questions)} questions, formats: {' '.join(formats)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
