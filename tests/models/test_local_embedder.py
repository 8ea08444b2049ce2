"""The local embedder: right vectors, the same from both engines, and clear words where it cannot run."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assay.errors import ConfigError, ModelError, ModelMissing
from assay.models.batching import MicroBatcher
from assay.models.minilm import facts, weights
from assay.models.minilm.embedder import LocalEmbedder
from assay.models.minilm.engines import Ids
from assay.models.minilm.openvino_graph import build
from assay.models.minilm.projection import PieceWeights, projection
from assay.ports import Embedder
from assay.testing.embedder import EmbedderContract
from assay.types import Matrix
from tests.models.model_kit import needs_local_model

TEXTS = [
    "",
    "fee",
    "The buyer may cancel the contract if the seller fails to deliver the goods.",
    "Müller v. Sörensen, § 2-106(1) UCC: 12.5 % of 1,203 patients; naïve café 漢字 🙂",
    "def read_csv(path: str) -> list[dict[str, str]]:\n    return list(csv.DictReader(open(path)))",
    "The trial randomised 1,203 patients to placebo or to the drug, and followed them for two years. " * 8,
]


@pytest.fixture(scope="module")
def exact() -> Iterator[LocalEmbedder]:
    embedder = LocalEmbedder(engine="openvino", precision="f32")
    yield embedder
    embedder.close()


@pytest.fixture(scope="module")
def onnx() -> Iterator[LocalEmbedder]:
    embedder = LocalEmbedder(engine="onnxruntime")
    yield embedder
    embedder.close()


def cosines(left: Matrix, right: Matrix) -> Matrix:
    return np.asarray((left.astype(np.float64) * right.astype(np.float64)).sum(axis=-1))


@needs_local_model
class TestTheDefaultEngineBehindTheBatcher(EmbedderContract):
    def make_embedder(self) -> Embedder:
        return MicroBatcher(LocalEmbedder())


@needs_local_model
class TestOnnxRuntime(EmbedderContract):
    tolerance = 1e-5

    def make_embedder(self) -> Embedder:
        return LocalEmbedder(engine="onnxruntime")


@needs_local_model
def test_a_vector_is_the_one_that_the_model_s_publisher_shows(exact: LocalEmbedder) -> None:
    # From the model card's own example, to the digits given there.
    published = [6.76569193e-02, 6.34959862e-02, 4.87131476e-02, 7.93049857e-02]
    vector = exact.embed(["This is an example sentence"])[0]
    assert np.allclose(vector[:4], published, atol=1e-5)


@needs_local_model
def test_both_engines_give_the_same_vectors_at_full_precision(exact: LocalEmbedder, onnx: LocalEmbedder) -> None:
    assert cosines(exact.embed(TEXTS), onnx.embed(TEXTS)).min() > 0.99999
    assert exact.fingerprint == onnx.fingerprint


@needs_local_model
def test_the_default_precision_is_close_to_the_full_one_and_has_a_fingerprint_of_its_own(exact: LocalEmbedder) -> None:
    default = LocalEmbedder(engine="openvino")
    try:
        if default.precision == "f32":
            pytest.skip("this processor has no bfloat16, so the default is full precision")
        assert default.fingerprint != exact.fingerprint
        assert cosines(default.embed(TEXTS), exact.embed(TEXTS)).min() > 0.9995
    finally:
        default.close()


@needs_local_model
def test_text_counts_up_to_256_word_pieces_and_not_only_to_128(exact: LocalEmbedder) -> None:
    pieces = [f"{word} " for word in ("contract", "patient", "server", "court") for _ in range(80)]
    at_130, at_260, at_300 = ("".join(pieces[:count]) for count in (130, 260, 300))
    assert exact.count_tokens([at_130, at_260, at_300]) == [132, 256, 256]
    vectors = exact.embed(["".join(pieces[:126]), at_130 + "trial " * 20, at_260, at_300])
    assert vectors[0] @ vectors[1] < 0.999
    assert vectors[2] @ vectors[3] > 0.99999


@needs_local_model
def test_token_vectors_name_the_characters_that_they_belong_to(exact: LocalEmbedder, onnx: LocalEmbedder) -> None:
    texts = ["The fee is 12 percent.", "fee"]
    vectors, (long, short) = exact.embed_tokens(texts)
    assert cosines(vectors, exact.embed(texts)).min() > 0.99999
    assert [texts[0][start:].split()[0] for start in long.starts] == ["fee", "12", "percent."], (
        "stop words are left out"
    )
    assert long.vectors.shape == (3, exact.token_dimensions)
    assert np.allclose(np.linalg.norm(long.vectors, axis=1), 1, atol=1e-5)
    assert cosines(long.vectors, onnx.embed_tokens(texts)[1][0].vectors).min() > 0.9999
    # A word is nearer to itself in another text than to the other words there.
    assert int(np.argmax(long.vectors @ short.vectors[0])) == 0


@needs_local_model
def test_a_rare_word_says_more_than_a_frequent_one_and_a_text_of_stop_words_says_nothing(exact: LocalEmbedder) -> None:
    _, (told, empty, nothing) = exact.embed_tokens(["new tachycardia", "What is it?", ""])
    assert told.weights[0] < told.weights[1:].max() <= 1
    assert empty.vectors.shape == nothing.vectors.shape == (0, exact.token_dimensions)


@needs_local_model
def test_python_goes_on_while_vectors_are_computed(exact: LocalEmbedder) -> None:
    done = threading.Event()

    def work() -> None:
        exact.embed([TEXTS[-1]] * 24)
        done.set()

    worker = threading.Thread(target=work)
    longest, last = 0.0, time.perf_counter()
    worker.start()
    ticks = 0
    while not done.is_set():
        now = time.perf_counter()
        longest, last, ticks = max(longest, now - last), now, ticks + 1
    worker.join()
    assert ticks > 1000
    assert longest < 0.5


@needs_local_model
def test_batches_of_one_call_are_computed_side_by_side() -> None:
    embedder = LocalEmbedder(engine="openvino", precision="f32", threads=2)
    both_there = threading.Barrier(2)
    engine = embedder._open_engine()
    compute = engine.sentences

    def waits(ids: Ids, mask: Ids) -> Matrix:
        both_there.wait(timeout=30)
        return compute(ids, mask)

    engine.sentences = waits  # type: ignore[method-assign]
    assert len(embedder.embed([TEXTS[3]] * 4)) == 4
    embedder.close()


@needs_local_model
def test_on_one_thread_and_on_two_a_long_call_gives_the_same_vectors() -> None:
    texts = [f"{text} {number}" for number in range(8) for text in TEXTS]
    one, two = (LocalEmbedder(engine="openvino", precision="f32", threads=threads) for threads in (1, 2))
    assert cosines(one.embed(texts), two.embed(texts)).min() > 0.999999
    one.close()
    two.close()


@needs_local_model
def test_the_engine_reads_large_weights_where_the_file_is_mapped() -> None:
    tensors = weights.Weights.open(weights.find_model() / facts.WEIGHTS_FILE)
    constants = [node.data for node in build(tensors, projection()).get_ops() if node.get_type_name() == "Constant"]
    mapped = [data for data in constants if np.shares_memory(data, tensors.data)]
    copied = [data for data in constants if not np.shares_memory(data, tensors.data)]
    assert sum(data.nbytes for data in mapped) > 80_000_000
    assert sum(data.nbytes for data in copied) < 2_000_000


def test_a_piece_is_weighed_when_it_first_occurs_and_not_again() -> None:
    words = [*("x" for _ in range(facts.FIRST_WORD)), "the", "heart", ".", "[MASK]", "tachycardia"]
    asked: list[int] = []

    def word_of(number: int) -> str:
        asked.append(number)
        return words[number]

    pieces = PieceWeights(len(words), word_of)
    first = facts.FIRST_WORD
    found = pieces[[first + 4, first, first + 2, first + 3, first + 1]]
    assert found[0] > found[4] > 0
    assert found[1:4].tolist() == [0, 0, 0]
    assert pieces[[first + 4, first]].tolist() == [found[0], 0]
    assert len(asked) == 5


@needs_local_model
def test_half_a_surrogate_pair_does_not_spoil_the_batch(exact: LocalEmbedder) -> None:
    vectors = exact.embed(["broken \ud83d text", TEXTS[2]])
    assert cosines(vectors[1:], exact.embed([TEXTS[2]]))[0] > 0.99999


@needs_local_model
def test_a_single_text_in_place_of_a_list_is_refused(exact: LocalEmbedder) -> None:
    with pytest.raises(TypeError, match="list of texts"):
        exact.embed("one text")


@needs_local_model
def test_a_closed_embedder_says_so(exact: LocalEmbedder) -> None:
    embedder = LocalEmbedder(engine="onnxruntime")
    embedder.close()
    with pytest.raises(ModelError, match="closed"):
        embedder.embed(["text"])


@needs_local_model
def test_neither_the_package_of_the_weights_nor_torch_is_imported(exact: LocalEmbedder) -> None:
    assert facts.MODULE not in sys.modules
    assert "torch" not in sys.modules


def test_importing_the_adapters_loads_no_heavy_library() -> None:
    code = (
        "import sys, assay.models.opening, assay.models.chat, assay.models.failover, assay.models.remote,"
        " assay.models.minilm.embedder, assay.models.minilm.install, assay.models.fake\n"
        "heavy = {'openvino', 'onnxruntime', 'tokenizers', 'pydantic_ai', 'openai', 'anthropic', 'httpx', 'httpx2'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


@needs_local_model
def test_the_converter_of_models_is_not_loaded_but_there_for_a_program_that_asks_for_it() -> None:
    code = (
        "import sys\nfrom assay.models.minilm.openvino_graph import runtime\nruntime()\n"
        "print('openvino.tools.ovc' in sys.modules)\n"
        "from openvino import convert_model\nprint(callable(convert_model))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_a_missing_model_names_the_command_that_installs_it(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="assay model install"):
        LocalEmbedder(folder=tmp_path)


@needs_local_model
def test_damaged_weights_are_refused_by_name(tmp_path: Path) -> None:
    sound = weights.find_model()
    (tmp_path / facts.TOKENISER_FILE).symlink_to(sound / facts.TOKENISER_FILE)
    damaged = bytearray((sound / facts.WEIGHTS_FILE).read_bytes())
    damaged[50_000_000] ^= 1
    (tmp_path / facts.WEIGHTS_FILE).write_bytes(damaged)
    with pytest.raises(ModelError, match="damaged"):
        LocalEmbedder(folder=tmp_path, engine="onnxruntime")


@pytest.mark.parametrize("content", [b"", b"\x00" * 7, b"\xff" * 64, b"\x10" + b"\x00" * 7 + b'{"a":"no tensor"'])
def test_a_file_that_is_no_safetensors_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / facts.WEIGHTS_FILE
    path.write_bytes(content)
    with pytest.raises(ModelError, match="safetensors"):
        weights.Weights.open(path)


@needs_local_model
@pytest.mark.parametrize("wrong", [{"engine": "torch"}, {"precision": "int8"}])
def test_an_unknown_engine_or_precision_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="there is no"):
        LocalEmbedder(**wrong)  # type: ignore[arg-type]
