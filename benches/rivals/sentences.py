"""What the rivals need for a sentence, and for a small one that still holds what was asked for.

Prints a line `tool TAB grammar TAB what TAB number …` for each measurement; see benches/sentences.rs, which runs it.
"""

import random
import re
import signal
import sys
import time
from importlib import import_module
from pathlib import Path

SENTENCES = 1_000
SECONDS = 3.0
# Hypothesis is slow on large grammars: fewer sentences, and a time after which a measurement is given up.
FEW = 40
PATIENCE = 40


def show(tool, grammar, what, *numbers):
    print(tool, grammar, what, *numbers, sep="\t", flush=True)


def grammarinator(name, generators):
    """Sentences of the same language by a generator that grammarinator made; it does not shrink."""
    from grammarinator.runtime import DefaultModel, RuleSize

    sys.path.insert(0, str(generators))
    kind = getattr(import_module(f"{name}Generator"), f"{name}Generator")
    generator = kind(model=DefaultModel(), limit=RuleSize(depth=24, tokens=64))
    random.seed(1)
    start, count, length = time.perf_counter(), 0, 0
    while count < SENTENCES and time.perf_counter() - start < SECONDS:
        length += len(str(generator.start()))
        count += 1
    show("grammarinator", name, "draw", count / (time.perf_counter() - start), length / count)


def hypothesis(name, text, piece):
    """Sentences and shrinking by the Lark strategy of Hypothesis."""
    from hypothesis import HealthCheck, Phase, find, given, settings
    from hypothesis.errors import NoSuchExample
    from hypothesis.extra.lark import from_lark
    from lark import Lark

    options = {"database": None, "deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": True}
    strategy = from_lark(Lark(text, start="start"))
    lengths = []

    @settings(max_examples=FEW, phases=[Phase.generate], **options)
    @given(strategy)
    def draw(sentence):
        lengths.append(len(sentence))

    start = time.perf_counter()
    draw()
    seconds = time.perf_counter() - start
    show("hypothesis", name, "draw", len(lengths) / seconds, sum(lengths) / len(lengths))

    tried, found = 0, None

    def holds(sentence):
        nonlocal tried, found
        tried += found is not None
        if piece in sentence and found is None:
            found = time.perf_counter()
        return piece in sentence

    try:
        smallest = find(strategy, holds, settings=settings(max_examples=2_000, **options))
    except NoSuchExample:
        return
    show("hypothesis", name, "shrink", tried, time.perf_counter() - found, len(smallest))


def unbounded(text):
    """The grammar in the notation of Python's Lark, which has no `{m,n}`; the generators of grammarinator have no bounds either."""
    lines = []
    for line in text.splitlines():
        if not re.match(r"[A-Z_]+ *:", line):
            line = re.sub(r"\{(\d+),\d+\}", lambda bounds: "*" if bounds[1] == "0" else "+", line)
        lines.append(line)
    return "\n".join(lines) + "\n"


def give_up(*_):
    raise TimeoutError(f"given up after {PATIENCE} s")


def main():
    signal.signal(signal.SIGALRM, give_up)
    generators, grammars = Path(sys.argv[1]), Path(sys.argv[2])
    for name, file, piece in zip(*[iter(sys.argv[3:])] * 3):
        measures = [
            lambda: grammarinator(name, generators),
            lambda: hypothesis(name, unbounded((grammars / file).read_text()), piece),
        ]
        for measure in measures:
            signal.alarm(PATIENCE)
            try:
                measure()
            except Exception as error:  # A rival that cannot do one grammar is still measured on the others.
                print(f"{name}: {type(error).__name__}: {str(error)[:200]}", file=sys.stderr)
            finally:
                signal.alarm(0)


if __name__ == "__main__":
    main()
