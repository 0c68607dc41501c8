"""Objects in S3: a file, a folder, a pattern, and all that can be in the way."""

import io
import threading
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from loopback import Forbidding, serving

from xentcli.errors import UnreadableError, UsageError
from xentcli.files.expand import expanded
from xentcli.files.open import open_table
from xentcli.files.table import ReadAs

ROWS = b"label,p\n" + b"cat,0.25\n" * 40


def cells(table, column="p"):
    batches = table.batches({column: ReadAs.NUMBER})
    return [value for batch in batches for value in batch.column(0).to_pylist()]


def parquet(values):
    sink = io.BytesIO()
    pq.write_table(pa.table({"p": values}), sink)
    return sink.getvalue()


def test_a_parquet_object_is_read_through_a_uri_with_a_query(store):
    uri = store.put("one/k.parquet", parquet([0.5, 0.25]))
    assert cells(open_table([uri])) == [0.5, 0.25]


def test_a_text_object_of_many_blocks_is_read_whole(store):
    values = np.arange(60_000)
    uri = store.put("one/long.csv", b"p\n" + b"".join(b"%d\n" % value for value in values))
    assert cells(open_table([uri])) == values.tolist()


def test_a_folder_of_objects_is_one_table_in_natural_order(store):
    for number in (2, 10, 1):
        store.put(f"many/part-{number}.csv", b"p\n%d\n" % number)
    store.put("many/_SUCCESS", b"")
    assert cells(open_table([store.uri("many")])) == [1, 2, 10]
    assert cells(open_table([store.uri("many/")])) == [1, 2, 10]


def test_patterns_of_objects_stand_in_any_piece_and_question_marks_are_no_query(store):
    store.put("wild/a/part-1.csv", b"p\n1\n")
    store.put("wild/b/part-2.csv", b"p\n2\n")
    store.put("wild/b/part-33.csv", b"p\n3\n")
    assert cells(open_table([store.uri("wild/b/part-?.csv")])) == [2]
    assert cells(open_table([store.uri("wild/*/part-[12].csv")])) == [1, 2]
    assert cells(open_table([store.uri("wild/**/*.csv")])) == [1, 2, 3]
    with pytest.raises(UnreadableError, match="no file matches"):
        open_table([store.uri("wild/*.parquet")])


def test_keys_with_blanks_percent_signs_and_letters_of_other_scripts_are_found_again(store):
    store.put("odd/a%20b%25c%C3%A9.csv", b"p\n7\n")
    assert expanded(store.uri("odd")) == [store.uri("odd/a%20b%25c%C3%A9.csv")]
    assert cells(open_table([store.uri("odd")])) == [7]
    assert cells(open_table([store.uri("odd/a b%25cé.csv")])) == [7]


def test_a_missing_key_and_a_wrong_bucket_are_told_apart(store):
    with pytest.raises(UnreadableError) as missing:
        open_table([store.uri("none.csv")])
    assert missing.value.message == "no such file"
    with pytest.raises(UnreadableError) as bucket:
        open_table([store.uri("none.csv", bucket="nowhere")])
    assert bucket.value.message == "there is no such bucket"
    with pytest.raises(UnreadableError, match="there is no such bucket"):
        open_table([store.uri("*.csv", bucket="nowhere")])


def test_an_endpoint_that_nobody_listens_at_is_told_with_what_to_check(store):
    uri = store.uri("a.csv").replace(store.url, "http://127.0.0.1:1")
    with pytest.raises(UnreadableError, match=r"cannot be reached: .*NETWORK_CONNECTION") as caught:
        open_table([uri])
    assert caught.value.help.startswith("check the network, the proxy and the address (endpoint_override=")


def test_an_endpoint_set_by_the_environment_needs_no_query(store, monkeypatch):
    store.put("env.csv", ROWS)
    monkeypatch.setenv("AWS_ENDPOINT_URL", store.url)
    assert cells(open_table(["s3://bucket/env.csv"])) == [0.25] * 40


def test_a_connection_that_is_cut_in_the_middle_is_tried_again(store, cutting):
    behind, cuts = cutting
    store.put("cut.csv", ROWS)
    uri = behind.uri("cut.csv")
    cuts.left = 2
    assert cells(open_table([uri])) == [0.25] * 40
    assert cuts.done == 2


def test_a_connection_that_is_always_cut_is_status_2_and_no_short_table(store, cutting):
    behind, cuts = cutting
    store.put("cut.csv", ROWS)
    cuts.left = 1000
    with pytest.raises(UnreadableError, match="cannot be reached"):
        open_table([behind.uri("cut.csv")])
    assert cuts.done > 2


@pytest.mark.parametrize("name", ["now.csv", "now.parquet"])
def test_a_key_that_changes_between_open_and_read_is_refused(store, name):
    first, second = [b"p\n1\n2\n", b"p\n3\n4\n"] if name.endswith(".csv") else [parquet([1, 2]), parquet([3, 4])]
    table = open_table([store.put(f"changing/{name}", first)])
    store.put(f"changing/{name}", second)
    with pytest.raises(UnreadableError, match="changed while it was read"):
        cells(table)


def test_a_key_that_changes_in_the_middle_of_a_part_is_refused_at_its_end(store):
    uri = store.put("changing/mid.csv", ROWS)
    batches = open_table([uri]).batches({"p": ReadAs.NUMBER})
    next(batches)
    store.put("changing/mid.csv", ROWS.replace(b"0.25", b"0.75"))
    with pytest.raises(UnreadableError, match="changed while it was read"):
        list(batches)


def test_a_key_that_vanishes_after_it_was_opened_is_refused(store):
    table = open_table([store.put("changing/gone.csv", ROWS)])
    store.ask("DELETE", "changing/gone.csv")
    with pytest.raises(UnreadableError, match="changed while it was read"):
        cells(table)


def test_an_object_that_is_named_twice_is_told_whatever_the_spelling(store):
    uri = store.put("twice.csv", ROWS)
    other = uri.replace("twice", "%74wice")
    with pytest.raises(UsageError, match="are one file: its rows would be counted twice"):
        open_table([uri, other])


def test_several_threads_read_one_object(store):
    table = open_table([store.put("threads.parquet", parquet(list(range(1000))))])
    sums = []
    threads = [threading.Thread(target=lambda: sums.append(sum(cells(table)))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sums == [499_500] * 3


def test_a_file_beside_that_may_not_be_asked_for_is_taken_for_absent_with_a_note(store):
    store.put("forbidden/a.csv", ROWS)
    with serving(Forbidding, behind=store.url, forbidden=".classes.json") as server:
        table = open_table([replace(store, url=server.url).uri("forbidden/a.csv")])
        assert cells(table) == [0.25] * 40
    told = [note for note in table.notes if "may not be asked for" in note]
    assert len(told) == 1
    assert "forbidden/a.classes.json" in told[0]


def test_a_key_that_may_not_be_asked_for_says_which_credentials_to_check(store):
    store.put("forbidden/b.csv", ROWS)
    with (
        serving(Forbidding, behind=store.url, forbidden="b.csv") as server,
        pytest.raises(UnreadableError, match="may not be accessed") as caught,
    ):
        open_table([replace(store, url=server.url).uri("forbidden/b.csv")])
    assert "AWS_ACCESS_KEY_ID" in caught.value.help
