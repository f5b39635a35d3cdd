"""Types that clients generate from our schemas compile, and take our examples."""

import importlib.util
import subprocess
import sys

import msgspec
import pytest

from schemas.json_schema import messages
from tests.contract.generated_types import TYPESCRIPT, combined, typescript
from tests.contract.test_messages import EXAMPLES
from tests.tools import node


def test_the_types_for_typescript_are_what_the_messages_say():
    assert TYPESCRIPT.read_text() == typescript(), "run `make schemas`"


def test_typescript_takes_every_example_and_refuses_what_is_none(tmp_path):
    (tmp_path / TYPESCRIPT.name).write_text(TYPESCRIPT.read_text())
    lines = ['import type { Message } from "./captions.js";']
    for number, example in enumerate(EXAMPLES):
        lines.append(f"const m{number}: Message = {example.read_text()};")
        lines.append(f'if (m{number}.type !== "{example.stem}") throw m{number};')
    (tmp_path / "good.mts").write_text("\n".join(lines))
    lines[1:] = ['const wrong: Message = { type: "Cue", stream_id: 7 };']
    (tmp_path / "bad.mts").write_text("\n".join(lines))
    told = node(
        "node_modules/typescript/bin/tsc",
        *("--noEmit", "--strict", "--target", "es2022", "--module", "nodenext"),
        *(str(tmp_path / name) for name in ("good.mts", "bad.mts")),
        code=2,
    ).decode()
    errors = [line for line in told.splitlines() if "error TS" in line]
    assert len(errors) == 1
    assert "bad.mts(2," in errors[0]


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """Return the module that datamodel-codegen makes of our schemas."""
    folder = tmp_path_factory.mktemp("generated")
    schema, module = folder / "all.json", folder / "captions_types.py"
    schema.write_bytes(msgspec.json.encode(combined()))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "datamodel_code_generator"),
            *("--input", str(schema), "--output", str(module)),
            *("--input-file-type", "jsonschema", "--formatters", "builtin"),
            *("--output-model-type", "msgspec.Struct", "--use-msgspec-tagged-unions"),
            *("--enum-field-as-literal", "all", "--target-python-version", "3.11"),
            "--disable-warnings",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    spec = importlib.util.spec_from_file_location("captions_types", module)
    made = importlib.util.module_from_spec(spec)
    sys.modules["captions_types"] = made
    spec.loader.exec_module(made)
    return made


def test_generated_python_types_read_every_example(generated):
    decoder = msgspec.json.Decoder(generated.Message)
    for example in EXAMPLES:
        message = decoder.decode(example.read_bytes())
        assert type(message).__name__.startswith(example.stem)
    assert {path.stem for path in EXAMPLES} == set(messages())


def test_generated_python_types_refuse_what_is_no_message(generated):
    decoder = msgspec.json.Decoder(generated.Message)
    with pytest.raises(msgspec.ValidationError):
        decoder.decode(b'{"type": "Cue", "stream_id": 7}')
