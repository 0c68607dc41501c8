"""Cells of text that nest thousands of levels deep: no crash and no traceback, and a sentence shortens them."""

import pytest

DEEP = {
    "lists": "[" * 5000 + "1" + "]" * 5000,
    "objects": '{""choices"":' * 5000 + "1" + "}" * 5000,
    "open lists": "[" * 5000,
}


@pytest.mark.parametrize("cell", DEEP.values(), ids=DEEP)
def test_a_deep_cell_among_tags_is_no_list(xent, tmp_path, cell):
    path = tmp_path / "a.csv"
    rows = '1,"[""a"", ""b""]"\n2,"[""b""]"\n' * 9
    path.write_text(f'id,tags\n{rows}3,"{cell}"\n')

    ran = xent("inspect", path)

    assert (ran.status, ran.err) == (0, "")
    assert "; likely)" in ran.out


def test_a_deep_cell_that_fills_the_column_is_shortened(xent, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,tags\n" + "".join(f'{at},"{DEEP["lists"]}"\n' for at in range(3)))

    ran = xent("inspect", path)

    assert ran.status == 1
    assert "every labelled row holds '[[[[" in ran.out
    assert "[" * 100 not in ran.out
