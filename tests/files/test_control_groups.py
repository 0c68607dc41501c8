"""Control groups: a limit of any group that holds the process counts, in both versions."""

import pytest

from xentcli.files import budget


@pytest.fixture
def limits(tmp_path, monkeypatch):
    """Return a function that makes a tree of groups and gives the limits that are found in it."""
    monkeypatch.setattr(budget, "_ROOT", tmp_path / "cgroup")
    monkeypatch.setattr(budget, "_MEMBERSHIP", tmp_path / "membership")

    def found(membership, files):
        (tmp_path / "membership").write_text(membership)
        for name, content in files.items():
            path = tmp_path / "cgroup" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        return list(budget.container_limits())

    return found


def test_a_group_of_version_2_and_those_above_it_count(limits):
    files = {
        "job/step/memory.max": "max\n",
        "job/memory.max": "300\n",
        "memory.max": "500\n",
        "other/memory.max": "1\n",
    }
    assert limits("0::/job/step\n", files) == [300, 500]


def test_a_group_of_version_1_and_those_above_it_count(limits):
    name = "memory.limit_in_bytes"
    files = {
        f"memory/a/b/{name}": "100\n",
        f"memory/a/{name}": "200\n",
        f"memory/{name}": "300\n",
        f"cpu/a/{name}": "1\n",
    }
    assert limits("5:cpu,cpuacct:/a\n4:memory:/a/b\n0::/\n", files) == [100, 200, 300]


def test_controllers_that_share_a_tree_are_told_apart(limits):
    assert limits("4:hugetlb,memory:/a\n", {"memory/a/memory.limit_in_bytes": "7\n"}) == [7]


def test_the_limit_at_the_root_counts_where_the_hosts_path_is_not_seen(limits):
    assert limits("0::/docker/ab:cd/x\n", {"memory.max": "9\n"}) == [9]


def test_a_system_without_control_groups_has_no_limit(limits, tmp_path, monkeypatch):
    monkeypatch.setattr(budget, "_MEMBERSHIP", tmp_path / "none")
    assert limits("", {}) == []
