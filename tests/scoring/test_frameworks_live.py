"""What frameworks would report is what the installed ones return: every entry of the table is run as its text says.

`live.files` makes the files, `live.calls` runs the entries. Compared: Keras 3 on torch, PyTorch, torchmetrics,
scikit-learn, Optax, XGBoost, LightGBM, CatBoost; `live.calls.NOT_RUN` names all others with the reason.
"""

from collections import Counter

import pytest
from live import calls, files

FILES = files.all_files()
pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]


def live_entries(file, folder):
    return [entry for entry in file.score(folder).frameworks if calls.named(entry) not in calls.NOT_RUN]


def close(value, tolerance):
    return None if value is None else pytest.approx(value, rel=tolerance, abs=tolerance)


@pytest.mark.parametrize("name", FILES)
def test_every_entry_is_what_the_installed_framework_returns(name, tmp_path):
    file = files.made(*FILES[name])
    for entry in live_entries(file, tmp_path):
        theirs, (loss, accuracy) = calls.returned(entry, file), calls.tolerances(entry, file)
        assert entry.loss == close(theirs.loss, loss), entry
        assert entry.accuracy == close(theirs.accuracy, accuracy), entry


def test_no_entry_is_left_out_in_silence(tmp_path):
    run, not_run, undefined = Counter(), set(), Counter()
    for arguments in FILES.values():
        for entry in files.made(*arguments).score(tmp_path).frameworks:
            if calls.named(entry) in calls.NOT_RUN:
                not_run.add(calls.named(entry))
                continue
            assert calls.installed(entry.framework, entry.version), f"{calls.named(entry)} is not what is installed"
            run[entry.framework] += 1
            undefined[entry.framework] += entry.call is not None and entry.loss is None
    assert not_run == set(calls.NOT_RUN)
    assert len(FILES) == 488
    assert dict(run) == {
        "keras": 1301, "torch": 888, "torchmetrics": 862, "scikit-learn": 488, "optax": 620, "xgboost": 488,
        "lightgbm": 402, "catboost": 488,
    }  # fmt: skip
    assert +undefined == {"keras": 26, "torch": 112, "optax": 140, "catboost": 100}
