import socket
import sys

import pytest

from workers.broker import BrokerError, EmbeddedKafka, jars, lock


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def offline(monkeypatch):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # never listens
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{closed.getsockname()[1]}")
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        yield


@pytest.mark.usefixtures("offline")
def test_without_jars_and_network_one_line_says_what_to_do(empty_cache):
    with pytest.raises(BrokerError) as error:
        EmbeddedKafka().start()
    said = str(error.value)
    assert "46 jars" in said
    assert str(empty_cache) in said
    assert "start once with a network" in said
    assert "--broker HOST:PORT" in said
    assert "\n" not in said


def test_with_all_jars_no_network_is_needed(request):
    jars.cached()
    request.getfixturevalue("offline")
    with EmbeddedKafka() as kafka:
        assert kafka.bootstrap


def test_a_changed_jar_is_refused_by_name(tmp_path, monkeypatch):
    known = jars.cached()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = jars.cache_folder(jars.kafka_version(jars.locked()))
    for jar in known:
        (folder / jar.name).symlink_to(jar)
    changed = folder / "kafka-raft-4.3.1.jar"
    content = bytearray(changed.read_bytes())
    content[1000] ^= 1
    changed.unlink()
    changed.write_bytes(content)
    with pytest.raises(BrokerError) as error:
        EmbeddedKafka().start()
    assert "org.apache.kafka:kafka-raft:4.3.1" in str(error.value)
    assert f"delete {changed}" in str(error.value)


def test_a_jar_changed_on_its_way_is_refused_and_not_kept(empty_cache, monkeypatch):
    def changed(_resolver, artifact):
        artifact.cached_path.parent.mkdir(parents=True)
        artifact.cached_path.write_bytes(b"something else")
        return artifact.cached_path

    monkeypatch.setattr("jgo.maven.PythonResolver.download", changed)
    with pytest.raises(BrokerError, match=r"lz4-java.* is not the jar we know"):
        jars.cached()
    assert not list(empty_cache.rglob("*.jar"))


@pytest.mark.usefixtures("empty_cache")
def test_without_what_fetches_it_that_is_named(monkeypatch):
    for module in ("platformdirs", "jgo.maven"):
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, module, None)
            with pytest.raises(
                BrokerError, match=r"pip install 'caption-worker\[broker\]'"
            ):
                jars.cached()


def test_the_lock_holds_one_version_of_each_jar_and_the_roots():
    locked = jars.locked()
    names = [jar.coordinate.rpartition(":")[0] for jar in locked]
    assert len(set(names)) == len(names)
    assert {root.rstrip("!") for root in lock.ROOTS} <= {j.coordinate for j in locked}
    versions = {
        jar.coordinate.rpartition(":")[2]
        for jar in locked
        if jar.coordinate.startswith("org.apache.kafka:")
    }
    assert versions == {jars.kafka_version(locked)}


def test_progress_counts_up_to_the_whole(capsys):
    told = []
    with jars.shown("x", 30, lambda done, total: told.append((done, total))) as step:
        step(10)
        step(20)
    assert told == [(10, 30), (30, 30)]
    assert capsys.readouterr() == ("", "")


def test_without_a_terminal_progress_is_one_line_on_standard_error(capsys):
    with jars.shown("Fetching Kafka", 45_000_000, None) as step:
        step(45_000_000)
    assert capsys.readouterr() == ("", "Fetching Kafka, 45 MB, once\n")
