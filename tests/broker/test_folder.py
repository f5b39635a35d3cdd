import os

import pytest

from workers.broker import BrokerError
from workers.broker.folder import PREFIX, DataFolder


@pytest.fixture(autouse=True)
def temporary_place(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_a_temporary_folder_nobody_holds_is_swept_by_the_next_start(temporary_place):
    stale = temporary_place / f"{PREFIX}stale"
    stale.mkdir()
    (stale / "broker.lock").write_text("4711")
    (stale / "kafka.log").touch()
    DataFolder(None).close()
    assert not stale.exists()


def test_a_temporary_folder_somebody_holds_stays():
    first = DataFolder(None)
    second = DataFolder(None)
    assert first.path.exists()
    first.close()
    second.close()
    assert not first.path.exists()


def test_a_folder_still_being_made_stays(temporary_place):
    unlocked_yet = temporary_place / f"{PREFIX}new"
    unlocked_yet.mkdir()
    DataFolder(None).close()
    assert unlocked_yet.exists()


def test_a_kept_folder_is_one_brokers_at_a_time(tmp_path):
    first = DataFolder(tmp_path / "kept")
    with pytest.raises(
        BrokerError, match=f"in use by the broker of process {os.getpid()}"
    ):
        DataFolder(tmp_path / "kept")
    first.close()
    DataFolder(tmp_path / "kept").close()
    assert (tmp_path / "kept").exists()


def test_a_folder_with_files_of_somebody_else_is_refused_and_left_alone(tmp_path):
    (tmp_path / "letter.txt").touch()
    with pytest.raises(BrokerError, match="holds other files"):
        DataFolder(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_an_empty_folder_is_taken_and_gone_on_with(tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    for _ in range(2):
        DataFolder(kept).close()


def test_a_large_log_is_put_aside(tmp_path):
    log = tmp_path / "kept" / "kafka.log"
    DataFolder(log.parent).close()
    log.write_bytes(bytes(11 * 2**20))
    folder = DataFolder(tmp_path / "kept")
    assert not folder.log_file.exists()
    assert (tmp_path / "kept" / "kafka.log.1").exists()
    folder.close()
