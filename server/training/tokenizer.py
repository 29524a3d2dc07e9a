"""The pair's tokenizer: byte-level BPE, trained on our own texts, with single digits and no byte lost."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from chatbt.orchestrator.prompts import CHAT_TEMPLATE, END, SPECIAL

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import PreTrainedTokenizerFast

SIZE = 4096
CONTEXT = 1024
# Words with the space before them, runs of spaces and of marks: as GPT-2's, with indentation in one piece.
_PIECES = r" ?[A-Za-z]+|[0-9]| ?[^\sA-Za-z0-9]+|\n+ *|\s+(?!\S)|\s+"


def train(texts: Iterable[str], *, size: int = SIZE) -> "Tokenizer":
    """A tokenizer trained on `texts`, special tokens first."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_PIECES), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        max_token_length=20,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def dressed(tokenizer: "Tokenizer") -> "PreTrainedTokenizerFast":
    """The tokenizer as transformers has it, with the chat template."""
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        eos_token=END,
        pad_token=END,
        chat_template=CHAT_TEMPLATE,
        model_max_length=CONTEXT,
        clean_up_tokenization_spaces=False,
    )


def load(file: Path) -> "Tokenizer":
    """A tokenizer that was trained."""
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(file))
