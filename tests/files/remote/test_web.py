"""Files behind web addresses and on the Hub: whole or refused, whatever the server's mood."""

import io
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from huggingface_hub import HfFileSystem
from loopback import Hub, Site, Web, serving

from xentcli.errors import UnreadableError
from xentcli.files.open import open_table
from xentcli.files.remote import systems
from xentcli.files.table import ReadAs

ROWS = b"label,p\n" + b"cat,0.25\n" * 40


def cells(table):
    return [value for batch in table.batches({"p": ReadAs.NUMBER}) for value in batch.column(0).to_pylist()]


def parquet(values):
    sink = io.BytesIO()
    pq.write_table(pa.table({"p": values}), sink)
    return sink.getvalue()


@pytest.fixture
def web():
    site = Site({"/a.csv": ROWS, "/a.parquet": parquet([0.5, 0.25])})
    with serving(Web, site=site) as server:
        yield server.url, site


@pytest.mark.parametrize("ranges", [True, False], ids=["with ranges", "without ranges"])
def test_files_of_a_web_server_are_read_with_ranges_and_without(web, ranges):
    url, site = web
    site.ranges = ranges
    assert cells(open_table([f"{url}/a.csv"])) == [0.25] * 40
    assert cells(open_table([f"{url}/a.parquet"])) == [0.5, 0.25]


def test_a_query_of_a_web_address_goes_to_the_server_and_its_values_are_shown_to_nobody(web):
    url, site = web
    table = open_table([f"{url}/a.csv?download=1&X-Amz-Signature=0123456789"])
    assert table.path == f"{url}/a.csv?download=1&X-Amz-Signature=***"
    assert set(site.asked) == {"/a.csv?download=1&X-Amz-Signature=0123456789"}


@pytest.mark.parametrize(
    ("status", "words", "advice"),
    [
        (404, "no such file", None),
        (403, "may not be accessed: status 403", "check the credentials"),
        (401, "may not be accessed: status 401", "check the credentials"),
        (503, "cannot be reached: status 503", "check the network"),
    ],
)
def test_what_a_web_server_refuses_is_told_with_what_to_check(web, status, words, advice):
    url, site = web
    site.status = status
    with pytest.raises(UnreadableError, match=words) as caught:
        open_table([f"{url}/a.csv?sig=0123456789"])
    assert (caught.value.help or "").startswith(advice or "")
    assert "0123456789" not in str(caught.value)


def test_a_web_server_that_nobody_runs_is_told():
    with pytest.raises(UnreadableError, match="cannot be reached"):
        open_table(["http://127.0.0.1:1/a.csv"])


@pytest.mark.parametrize("ranges", [True, False], ids=["with ranges", "without ranges"])
def test_a_connection_to_a_web_server_that_is_cut_is_tried_again_then_refused(web, ranges):
    url, site = web
    site.ranges = ranges
    site.cuts.left = 1
    assert cells(open_table([f"{url}/a.csv"])) == [0.25] * 40
    assert site.cuts.done == 1
    site.cuts.left = 1000
    with pytest.raises(UnreadableError, match="cannot be reached"):
        open_table([f"{url}/a.csv"])


def test_a_file_of_a_web_server_that_changes_after_it_was_opened_is_refused(web):
    url, site = web
    table = open_table([f"{url}/a.csv"])
    site.version = 2
    with pytest.raises(UnreadableError, match="changed while it was read"):
        cells(table)


def test_without_the_extra_a_web_address_says_how_to_install_it(xent, monkeypatch):
    systems._spec.cache_clear()
    for uri, module in (("https://host/a.csv", "fsspec"), ("hf://datasets/a/b/c.csv", "huggingface_hub")):
        monkeypatch.setitem(sys.modules, module, None)
        ran = xent("inspect", uri)
        assert ran.status == 2
        assert "needs the extra 'remote'\nhelp: pip install 'xentcli[remote]'" in ran.err
        monkeypatch.delitem(sys.modules, module)
    systems._spec.cache_clear()


@pytest.fixture
def hub(monkeypatch):
    site = Site({"a.csv": b"p\n1\n", "data/part-2.csv": b"p\n2\n", "data/part-10.csv": b"p\n10\n"})
    with serving(Hub, site=site) as server:
        monkeypatch.setattr(systems, "_spec", lambda _scheme: HfFileSystem(endpoint=server.url, token=False))
        yield site


@pytest.mark.usefixtures("hub")
def test_a_file_a_folder_and_a_pattern_of_the_hub_are_read():
    assert cells(open_table(["hf://datasets/user/data/a.csv"])) == [1]
    assert cells(open_table(["hf://datasets/user/data/data"])) == [2, 10]
    assert cells(open_table(["hf://datasets/user/data/data/*-2.csv"])) == [2]


@pytest.mark.usefixtures("hub")
def test_a_file_that_the_hub_does_not_have_is_told():
    with pytest.raises(UnreadableError, match="no such file"):
        open_table(["hf://datasets/user/data/none.csv"])


def test_a_file_of_the_hub_that_changes_after_it_was_opened_is_refused(hub):
    table = open_table(["hf://datasets/user/data/a.csv"])
    hub.version = 2
    with pytest.raises(UnreadableError, match="changed while it was read"):
        cells(table)
