"""Addresses: a URI is shown without what lets a stranger in, however it is written."""

import subprocess
import sys

import pytest

from xentcli.addresses import is_remote, local_path, place_of, query_split, scrubbed, shown, user_split, without_keys
from xentcli.errors import Place, XentError


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a@b:c.csv", "a@b:c.csv"),
        ("s3://b/k.csv?endpoint_override=http://h:9000&region=x", "s3://b/k.csv?endpoint_override=http://h:9000&region=x"),
        ("s3://AKID:secret@b/k.csv", "s3://b/k.csv"),
        ("s3://AKID:se/cr?et@b/k.csv?region=x", "s3://b/k.csv?region=x"),
        ("s3://b/k.csv?secret_key=ab&region=x", "s3://b/k.csv?secret_key=***&region=x"),
        ("s3://b/k.csv?endpoint_override=http://user:word@h", "s3://b/k.csv?endpoint_override=***"),
        ("s3://b/k.csv?endpoint_override=http%3A%2F%2Fuser%3Aword%40h", "s3://b/k.csv?endpoint_override=***"),
        ("s3://b/part-?.csv?region=x", "s3://b/part-?.csv?region=x"),
        ("https://u:p@h:8443/a.csv?X-Amz-Signature=f00&download=1#t0ken", "https://h:8443/a.csv?X-Amz-Signature=***&download=1#***"),
        ("https://h/a.csv?t0ken", "https://h/a.csv?***"),
        ("https://[::1]:80/@me/a.csv", "https://[::1]:80/@me/a.csv"),
        ("https://h:80/@me/a.csv", "https://h:80/@me/a.csv"),
        ("hf://datasets/user/data@main/a.csv", "hf://datasets/user/data@main/a.csv"),
        ("hdfs://me@h:8020/a.csv", "hdfs://h:8020/a.csv"),
        ("abfs://container:word@account.dfs.core.windows.net/a.csv", "abfs://container@account.dfs.core.windows.net/a.csv"),
        ("abfs://:word@account/a.csv", "abfs://account/a.csv"),
    ],
)  # fmt: skip
def test_a_name_is_shown_without_user_and_keys(name, expected):
    assert shown(name) == expected
    assert shown(expected) == expected
    assert Place(name).path == expected


def test_user_and_place_of_a_uri_are_told_apart():
    assert user_split("s3://AKID:se%2Fcret@b/k") == ("AKID:se%2Fcret", "s3://b/k")
    assert user_split("s3://b/k@2") == ("", "s3://b/k@2")


def test_two_spellings_of_a_uri_are_one_place():
    assert place_of("S3://id:word@b/a%20b.csv?region=x") == place_of("s3://b/a b.csv")
    assert place_of("https://h/a?id=1") != place_of("https://h/a?id=2")


def test_a_query_starts_where_a_key_does_and_in_web_addresses_at_the_first_question_mark():
    assert query_split("s3://b/a-?.csv?region=x&scheme=http") == ("s3://b/a-?.csv", "?region=x&scheme=http")
    assert query_split("s3://b/a-?.csv") == ("s3://b/a-?.csv", "")
    assert query_split("https://h/a?b") == ("https://h/a", "?b")


def test_a_file_uri_is_a_local_path():
    assert local_path("file:///a%20b/c.csv") == "/a b/c.csv"
    assert local_path("file://elsewhere/c.csv") == "file://elsewhere/c.csv"
    assert local_path("s3://b/k") == "s3://b/k"
    assert (is_remote("file:///a"), is_remote("a.csv"), is_remote("s3://b/k")) == (False, False, True)


def test_what_a_library_says_is_scrubbed_of_a_uri_and_its_parts_however_they_are_written():
    uri = "s3://AKID99:se%2Fcret@b/k?session_token=t%2Bken"
    said = f"cannot open {uri} with AKID99 and se/cret or t+ken"
    assert scrubbed(said, uri) == "cannot open s3://b/k?session_token=*** with *** and *** or ***"


def test_text_that_quotes_cells_keeps_their_plain_parameters():
    assert without_keys("holds 'https://h/x?id=3'") == "holds 'https://h/x?id=3'"
    assert without_keys("holds 'https://u:p@h/x?token=3'") == "holds 'https://h/x?token=***'"


def test_errors_hold_no_user_and_no_key_in_any_part():
    error = XentError("-o s3://id:word@b/k", details=("s3://id:word@b/k",), help="see s3://id:word@b/k")
    assert str(error) == "-o s3://b/k\n  s3://b/k\nhelp: see s3://b/k"


@pytest.mark.parametrize(
    "arguments",
    [
        ["inspect", "gopher://AKID99:hunter22@h/a.csv?sig=hunter33"],
        ["inspect", "s3://AKID99:hun/ter22@b/a.csv?region=x&sig=hunter33"],
        ["inspect", "labels.csv", "-o", "gopher://AKID99:hunter22@h/a.json?sig=hunter33"],
        ["inspect", "labels.csv", "--debug", "-o", "s3://AKID99:hun/ter22@b/a.json?region=x"],
        ["encode", "labels.csv", "--to", "one-hot", "-o", "gopher://AKID99:hunter22@h/a.csv?sig=hunter33"],
        ["score", "labels.csv", "--labels", "gopher://AKID99:hunter22@h/a.csv?sig=hunter33"],
        ["compare", "labels.csv", "gopher://AKID99:hunter22@h/a.csv?sig=hunter33"],
        ["check", "gopher://AKID99:hunter22@h/a.csv?sig=hunter33", "--show-config"],
        ["check", "labels.csv", "--baseline", "gopher://AKID99:hunter22@h/?sig=hunter33", "--show-config"],
    ],
)  # fmt: skip
def test_no_command_prints_or_writes_a_key_of_a_uri(xent, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "labels.csv").write_text("label,p_cat,p_dog\n" + "cat,0.9,0.1\ndog,0.2,0.8\n" * 9)
    ran = xent(*arguments, "-o", "report.json") if arguments[0] != "encode" else xent(*arguments)
    assert "gopher://h/" in ran.out + ran.err or "s3://b/" in ran.out + ran.err
    written = (tmp_path / "report.json").read_text() if (tmp_path / "report.json").exists() else ""
    for secret in ("AKID99", "hunter", "hun/ter", "ter22"):
        assert secret not in ran.out + ran.err + written


def test_nothing_of_remote_files_is_imported_for_local_ones(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("label\n" + "cat\ndog\n" * 9)
    code = (
        "import sys; from xentcli.cli.main import main\n"
        f"status = main(['inspect', {str(path)!r}, '-f', 'concise', '-o', {str(tmp_path / 'r.json')!r}])\n"
        "names = ('xentcli.files.remote', 'pyarrow.fs', 'pyarrow._s3fs', 'fsspec', 'aiohttp', 'huggingface_hub')\n"
        "print(status, [name for name in names if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "0 []"
