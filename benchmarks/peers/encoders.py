"""Public encoders in the forms that people run them in. For the peers' environment only.

Weights are random unless a path is given: what a product costs does not depend on its factors.
A random model's tokenizer has the kind and the size of the public one and is trained on the very
texts that are timed. It so makes fewer pieces of them than the public one would, of Chinese far
fewer: the peers are, if anything, faster here than in life.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch  # type: ignore[import-not-found]
import transformers  # type: ignore[import-not-found]
from tokenizers import (  # type: ignore[import-not-found]
    BertWordPieceTokenizer,
    ByteLevelBPETokenizer,
    processors,
)

# One output for each label of GoEmotions, as the public emotion models have.
LABELS: Final = 28
MAX_PIECES: Final = 512
_OPSET: Final = 17


@dataclass(frozen=True)
class Encoder:
    """A tokenizer and a network behind it.

    Attributes:
        tokenizer: Of Transformers' fast kind.
        run: Takes the tokenizer's output.
        tensors: In which form `run` wants it: `pt` or `np`.
    """

    tokenizer: Any
    run: Callable[[Any], object]
    tensors: str

    def read(self, text: str) -> object:
        """Tokenize one text and run the network on it."""
        return self.run(
            self.tokenizer(
                text, truncation=True, max_length=MAX_PIECES, return_tensors=self.tensors
            )
        )

    def pieces(self, text: str) -> int:
        """Count the pieces of a text, the marks of beginning and end included."""
        return len(self.tokenizer(text, truncation=True, max_length=MAX_PIECES)["input_ids"])


def build(name: str, weights: str, corpus: Sequence[str], folder: Path) -> Encoder:
    """Build an encoder for one thread.

    Args:
        name: `roberta`, `roberta_int8` or `minilm`.
        weights: Folder or hub name of a model with its tokenizer; empty for random weights.
        corpus: Texts that a random model's tokenizer is trained on.
        folder: Where the quantized model is kept from one run to the next.
    """
    torch.set_num_threads(1)
    tokenizer = _tokenizer(name, weights, corpus)
    if name == "roberta_int8":
        return Encoder(tokenizer, _onnx(_quantized(weights, tokenizer, folder)), "np")
    model = _model(name, weights)

    def run(inputs: Any) -> object:
        with torch.inference_mode():
            return torch.sigmoid(model(**inputs).logits).numpy()

    return Encoder(tokenizer, run, "pt")


def _tokenizer(name: str, weights: str, corpus: Sequence[str]) -> Any:
    """Load the model's tokenizer, or train one of its kind and size."""
    if weights:
        return transformers.AutoTokenizer.from_pretrained(weights)
    if name == "minilm":
        pieces = BertWordPieceTokenizer(lowercase=True)
        pieces.train_from_iterator(corpus, vocab_size=30_522, show_progress=False)
        marks = {"unk_token": "[UNK]", "pad_token": "[PAD]"}
        ends = ("[SEP]", "[CLS]")
    else:
        pieces = ByteLevelBPETokenizer()
        special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
        pieces.train_from_iterator(
            corpus, vocab_size=50_265, show_progress=False, special_tokens=special
        )
        marks = {"unk_token": "<unk>", "pad_token": "<pad>"}
        ends = ("</s>", "<s>")
    last, first = [(mark, pieces.token_to_id(mark)) for mark in ends]
    pieces.post_processor = processors.BertProcessing(last, first)
    return transformers.PreTrainedTokenizerFast(tokenizer_object=pieces._tokenizer, **marks)


def _model(name: str, weights: str) -> Any:
    """Load a model, or make one of the architecture with random weights."""
    if weights:
        loaded = transformers.AutoModelForSequenceClassification.from_pretrained(weights)
        return loaded.float().eval()
    torch.manual_seed(0)
    if name == "minilm":  # all-MiniLM-L6-v2
        config = transformers.BertConfig(
            hidden_size=384,
            num_hidden_layers=6,
            num_attention_heads=12,
            intermediate_size=1536,
            num_labels=LABELS,
        )
        return transformers.BertForSequenceClassification(config).eval()
    config = transformers.RobertaConfig(  # roberta-base
        vocab_size=50_265,
        max_position_embeddings=514,
        type_vocab_size=1,
        layer_norm_eps=1e-5,
        num_labels=LABELS,
    )
    return transformers.RobertaForSequenceClassification(config).eval()


def _quantized(weights: str, tokenizer: Any, folder: Path) -> Path:
    """Give the ONNX model with dynamic int8 weights, made where it is not there yet."""
    from onnxruntime.quantization import (  # type: ignore[import-not-found]
        QuantType,
        quantize_dynamic,
    )

    made_of = f"{weights} {torch.__version__} {transformers.__version__} {LABELS}"
    path = folder / f"roberta-int8-{hashlib.sha256(made_of.encode()).hexdigest()[:12]}.onnx"
    if path.is_file():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    whole, halfway = path.with_suffix(".fp32"), path.with_suffix(".part")
    _export(_model("roberta", weights), tokenizer, whole)
    quantize_dynamic(whole, halfway, weight_type=QuantType.QInt8)
    whole.unlink()
    return halfway.replace(path)


def _export(model: Any, tokenizer: Any, path: Path) -> None:
    """Write a model as ONNX that takes one text of any length."""
    model.set_attn_implementation("eager")
    example = tokenizer("where is my parcel", return_tensors="pt")
    names = ["input_ids", "attention_mask"]
    torch.onnx.export(
        model,
        tuple(example[name] for name in names),
        str(path),
        input_names=names,
        output_names=["logits"],
        dynamic_axes={name: {1: "length"} for name in names},
        opset_version=_OPSET,
        dynamo=False,  # the other exporter needs more packages and gives the same graph
    )


def _onnx(path: Path) -> Callable[[Any], object]:
    """Load an ONNX model for one thread."""
    import onnxruntime  # type: ignore[import-not-found]

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    wanted = [tensor.name for tensor in session.get_inputs()]
    return lambda inputs: session.run(None, {name: inputs[name] for name in wanted})
