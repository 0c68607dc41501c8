"""Forms whose lines are no answers of one row each are refused by their name; tables like them are not."""

import pytest

from xentcli.errors import UnreadableError
from xentcli.files.format import ReadOptions
from xentcli.files.open import open_table

CONLL = "Ada NNP B-PER\nmet VBD O\nBob NNP B-PER\n. . O\n\nRain NN O\nfell VBD O\n. . O\n"
UNIVERSAL = "".join(
    f"{at}\t{word}\t_\tNOUN\t_\t_\t0\troot\t_\t_\n{gap}" for at, word, gap in
    ((1, "rain", ""), (2, "falls", "\n"), (1, "fog", ""), (2, "lifts", ""))
)  # fmt: skip
TAGGED = "rain\tNN\nfalls\tVBZ\n.\t.\n\nfog\tNN\nlifts\tVBZ\n.\t.\n"
QRELS = "301 0 FBIS3-10082 1\n301 0 FBIS3-10169 0\n302 0 LA01-12 2\n"
RUN = "301 Q0 FBIS3-10082 1 14.2 bm25\n301 Q0 LA01-12 2 13.9 bm25\n"
BEIR = "query-id\tcorpus-id\tscore\nq1\td7\t1\nq2\td9\t1\n"
YOLO = "0 0.5 0.5 0.2 0.3\n17 0.91 0.2 0.1 0.15\n"
CONFIDENT = "0 0.5 0.5 0.2 0.3 0.88\n"


def written(folder, text, name="some.txt"):
    path = folder / name
    path.write_text(text)
    return str(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (CONLL, "CoNLL"), (CONLL.replace(" ", "\t"), "CoNLL"), ("-DOCSTART- -X- O\n\n" + CONLL, "CoNLL"),
        (UNIVERSAL, "CoNLL"), (TAGGED, "CoNLL"), (QRELS, "qrels"), (RUN, "a run of TREC"), (BEIR, "qrels"),
        (YOLO, "YOLO"), (CONFIDENT, "YOLO"),
    ],
)  # fmt: skip
def test_a_form_without_an_answer_a_row_is_refused_by_name(tmp_path, text, said):
    with pytest.raises(UnreadableError, match=said):
        open_table([written(tmp_path, text)])


def test_numbered_documents_are_judgements_where_the_file_is_called_so(tmp_path):
    text = "11\t0\t202\t1\n12\t0\t203\t1\n"
    assert open_table([written(tmp_path, text, "grades.tsv")]).names == ("f0", "f1", "f2", "f3")
    with pytest.raises(UnreadableError, match="qrels"):
        open_table([written(tmp_path, text, "qrels.dev.tsv")])


@pytest.mark.parametrize(
    "text",
    [
        "0 0.1 0.2 0.3 0.4\n1 0.25 0.25 0.2 0.3\n",  # a label and four probabilities
        "0 0.9 0.2 0.4 0.3\n1 0.5 0.5 0.2 0.3\n",  # a box would leave its image
        "0 1 0 1 0\n1 0 1 0 1\n",
        "1 0 5 1\n2 0 7 0\n2 0 9 1\n",
        "text\tlabel\nrain falls\tO\nfog lifts\tB-x\n",
        "id\tlabel\n1\tcat\n\n2\tdog\n\n",
    ],
)
def test_tables_that_look_a_little_like_it_are_read(tmp_path, text):
    assert len(open_table([written(tmp_path, text)]).names) > 1


@pytest.mark.parametrize("text", [CONLL, QRELS, YOLO])
def test_a_separator_that_the_caller_names_makes_a_table_of_it(tmp_path, text):
    options = ReadOptions(separator=" ", header=False)
    assert open_table([written(tmp_path, text)], options).names[0] == "f0"
