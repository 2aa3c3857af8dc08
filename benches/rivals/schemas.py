"""How many real schemas the Python packages of llguidance and xgrammar take, and the time that they need for one.

Takes the path of JSONSchemaBench's `schemas.jsonl` and prints a line `tool TAB schemas taken TAB schemas TAB median TAB p99` for each, times in
microseconds of processor time; see benches/schemas.rs, which runs it.
"""

import json
import os
import sys
import time
from unittest.mock import MagicMock

REPEATS = 3
# What a schema may take before the process that compiles it is given up.
SECONDS = 20


def llguidance_compiles(text):
    from llguidance import LLMatcher

    # Builds the grammar; its lexer is made with the tokenizer, later.
    return not LLMatcher.validate_grammar(LLMatcher.grammar_from_json_schema(text))


def xgrammar_compiles(text):
    import tvm_ffi  # noqa: F401 (before the stand-ins, which it would take for the real ones)

    # Imported for the masks only, which are not made here.
    for name in ("torch", "triton", "transformers"):
        sys.modules.setdefault(name, MagicMock())
    from xgrammar import Grammar

    Grammar.from_json_schema(text)
    return True


def measure(compiles, text):
    """Whether the schema is taken, and the best time."""
    best = None
    for _ in range(REPEATS):
        start = time.process_time()
        try:
            if not compiles(text):
                return None
        except Exception:
            return None
        taken = time.process_time() - start
        best = taken if best is None else min(best, taken)
    return best


def run(compiles, schemas):
    """The times of those that are taken. Each batch has a process of its own, which a crash or a hang may end."""
    times, at = [], 0
    while at < len(schemas):
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 2)
            import signal

            with os.fdopen(writer, "w") as out:
                for text in schemas[at:]:
                    signal.alarm(SECONDS)
                    best = measure(compiles, text)
                    print("-" if best is None else best, file=out, flush=True)
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as lines:
            found = [line.strip() for line in lines]
        os.waitpid(child, 0)
        times.extend(float(one) for one in found if one != "-")
        # The one after the last answer ended the process.
        at += len(found) + 1
    return sorted(times)


def main():
    with open(sys.argv[1], encoding="utf-8") as rows:
        schemas = [json.dumps(json.loads(row)["schema"], ensure_ascii=False) for row in rows]
    for tool, compiles in (("llguidance", llguidance_compiles), ("xgrammar", xgrammar_compiles)):
        compiles('{"type": "null"}')
        times = run(compiles, schemas)
        show = [times[len(times) // 2] * 1e6, times[len(times) * 99 // 100] * 1e6] if times else [0, 0]
        print(tool, len(times), len(schemas), *show, sep="\t", flush=True)


if __name__ == "__main__":
    main()
