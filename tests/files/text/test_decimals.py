"""Decimals: quoted numbers with a comma for a point are read among commas where they can be nothing else."""

import math

import pytest

import xentcli
from xentcli.errors import XentError

NOTE = "numbers have a decimal comma"


def scored(folder, header, rows):
    path = folder / "scores.csv"
    path.write_text("\n".join((header, *rows, "")))
    return xentcli.score(str(path)).to_dict()


def test_quoted_shares_are_decimals(tmp_path):
    found = scored(tmp_path, "id,pred,label", ['1,"0,9",1', '2,"0,25",0', "3,1,1", "4,0,0"])
    assert found["loss"]["value"] == pytest.approx(-(math.log(0.9) + math.log(0.75)) / 4)
    assert NOTE in found["source"]["notes"]


def test_a_group_behind_0_is_no_thousand(tmp_path):
    found = scored(tmp_path, "id,pred,label", ['1,"0,875",1', '2,"0,125",0'])
    assert found["loss"]["value"] == pytest.approx(-math.log(0.875))


def test_a_sign_tells_logits_from_pairs_of_labels(tmp_path):
    found = scored(tmp_path, "id,logit,label", ['1,"-2,25",0', '2,"3,5",1', '3,"-1,0",0', '4,"0,5",1'])
    losses = [math.log1p(math.exp(-one)) for one in (2.25, 3.5, 1.0, 0.5)]
    assert found["loss"]["value"] == pytest.approx(sum(losses) / 4)


def test_points_beside_commas_are_numbers_too(tmp_path):
    found = scored(tmp_path, "id,pred,width,label", ['1,"0,9",1.5,1', '2,"0,2",2.5,0', "3,0.5,0.5,1"])
    assert found["loss"]["value"] == pytest.approx(-(math.log(0.9) + math.log(0.8) + math.log(0.5)) / 3)


@pytest.mark.parametrize(
    ("rows", "help_"),
    [
        (['1,"1,234",1', '2,"2,211",0'], "a comma may stand for decimals or thousands here"),
        (['1,"85,3",1', '2,"12,75",0'], "write the decimal comma as a point"),
    ],
)
def test_what_may_be_thousands_or_labels_is_refused_with_the_way_out(tmp_path, rows, help_):
    with pytest.raises(XentError) as caught:
        scored(tmp_path, "id,pred,label", rows)
    assert help_ in str(caught.value.help)


def test_pairs_of_labels_are_no_decimals(tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text('id,labels\n1,"1,2"\n2,"2,3"\n3,"1,3"\n4,"3,2"\n5,1\n6,2\n')
    assert NOTE not in xentcli.inspect(str(path)).to_dict()["source"]["notes"]
