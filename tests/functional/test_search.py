"""Search: the right document first, marks that point at the words, limits."""
import pytest
from sekisho import text_between


@pytest.fixture(scope="module")
def shelf(manager):
    c = manager.new_collection("検索の試験", confidentiality=1, readers="all")["id"]
    made = manager.add_files(c, {
        "旅費規程.txt": "第１条　職員の旅費は、この規程による。\n第12条　日当は、一日につき二千二百円とする。\n".encode(),
        "給与規程.txt": "第１条　給与は毎月21日に支給する。\n".encode(),
        "様式.txt": "様式第3号（第5条関係）　休暇簿\n令和6年4月1日から使用する。\n".encode(),
        "絵文字.txt": "𠮷野家の🍣と👨‍👩‍👧の統計。そのあとに目印がある。\n".encode(),
    })
    return c, {name: d["id"] for name, d in made.items()}


def search(client, shelf, query, limit=5):
    return client.post("/api/v1/search", {"query": query, "collections": [shelf[0]], "limit": limit}).ok()["hits"]


@pytest.mark.parametrize("query,name", [("日当はいくら", "旅費規程.txt"), ("給与の支給日", "給与規程.txt"), ("第12条", "旅費規程.txt"),
                                        ("第十二条 日当", "旅費規程.txt"), ("様式第3号", "様式.txt"), ("２０２４年４月１日", "様式.txt"), ("休暇簿", "様式.txt")])
def test_search_finds_the_right_document_first(staff, shelf, query, name):
    assert search(staff, shelf, query)[0]["document"] == name


def test_search_marks_and_spans_are_exact(staff, shelf):
    """Spans are code points of the document's text, marks code points of the snippet, also behind characters outside the BMP."""
    for query in ("日当", "目印", "給与"):
        hit = search(staff, shelf, query)[0]
        sections = staff.get(f"/api/v1/documents/{hit['document_id']}/text").ok()["sections"]
        assert text_between(sections, hit["start"], hit["end"]).find(hit["text"].strip("…")) >= 0
        assert hit["marks"], hit
        assert any(query in hit["text"][a:b] or hit["text"][a:b] in query for a, b in hit["marks"]), hit
        assert all(0 <= a < b <= len(hit["text"]) for a, b in hit["marks"])


def test_search_ranks_count_from_one_and_scores_fall(staff, shelf):
    hits = search(staff, shelf, "第1条 規程 職員", limit=10)
    assert [h["rank"] for h in hits] == list(range(1, len(hits) + 1))
    assert [h["score"] for h in hits] == sorted((h["score"] for h in hits), reverse=True)


@pytest.mark.parametrize("query", ["zqxjkvzq", "。。。", "　", "\u200b", "\"", "AND OR NOT", "*", "%", "' OR 1=1 --"])
def test_search_without_a_match_or_with_odd_signs_is_calm(staff, shelf, query):
    answer = staff.post("/api/v1/search", {"query": query, "collections": [shelf[0]], "limit": 5})
    assert answer.status in (200, 400), answer.body
    if answer.status == 200 and query == "zqxjkvzq":
        assert answer.json["hits"] == []


def test_search_limits_are_kept(staff, shelf):
    assert len(search(staff, shelf, "第1条 規程", limit=1)) == 1
    for limit in (-1, 0, 10_000_000):
        answer = staff.post("/api/v1/search", {"query": "規程", "collections": [], "limit": limit})
        assert answer.status in (200, 400) and (answer.status != 200 or len(answer.json["hits"]) <= 200)
    staff.post("/api/v1/search", {"query": "規" * 1_200_000, "collections": [], "limit": 1}).refused(413)


def test_search_every_collection_when_none_is_named(staff, shelf):
    hits = staff.post("/api/v1/search", {"query": "日当は二千二百円", "collections": [], "limit": 5}).ok()["hits"]
    assert hits[0]["document_id"] == shelf[1]["旅費規程.txt"]
