"""Draws random grammars and texts, and writes down what Python's Lark makes of them: `python draw.py 1 300 > drawn.jsonl`.

Needs `pip install lark==1.3.1`. Each line has a grammar and, for each of its texts, `null` where Lark rejects it, its tree as an
S-expression where it is the only one, and `true` where there are several. Texts at which Lark gives up with an error of its own
("Earley should not generate multiple start symbol items! Please report this bug") are left out.
"""

import json
import random
import sys

from lark import Lark, Tree, UnexpectedInput

TERMINALS = ['"a"', '"b"', '"ab"', '"ba"', '"aab"', '"c"', '/a+/', '/b*a/', '/[ab]+/', '/a(ba)?/', '/ab?/', '/(ab)+/', '/c+a/']
IGNORED = [[], [], ['"c"'], ['/c+/'], ['"c"', '"ca"'], ['/cb?/']]


class Grammars:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def symbol(self, depth):
        kind = self.random.random()
        if kind < 0.55:
            return self.random.choice(self.terminals)
        if kind < 0.9:
            return self.random.choice(self.rules)
        return f"({self.alternatives(depth + 1)})"

    def item(self, depth):
        symbol, kind = self.symbol(depth), self.random.random()
        return symbol + ("?" if kind < 0.1 else "*" if kind < 0.15 else "+" if kind < 0.2 else "")

    def alternatives(self, depth):
        count = self.random.choice([1, 2, 2, 3]) if depth < 2 else 1
        sequences = [[self.item(depth) for _ in range(self.random.choice([1, 1, 2, 2, 3]))] for _ in range(count)]
        return " | ".join(" ".join(sequence) for sequence in sequences)

    def grammar(self):
        self.terminals = self.random.sample(TERMINALS, self.random.randint(2, 5))
        self.rules = [f"r{number}" for number in range(self.random.randint(1, 3))]
        lines = [f"start: {self.alternatives(0)}"]
        for rule in self.rules:
            priority = f".{self.random.randint(1, 3)}" if self.random.random() < 0.2 else ""
            lines.append(f"{rule}{priority}: {self.alternatives(0)}")
        lines += [f"%ignore {text}" for text in self.random.choice(IGNORED)]
        return "\n".join(lines) + "\n"

    def text(self):
        return "".join(self.random.choice("aabbc") for _ in range(self.random.randint(0, 7)))


def shown(node):
    if isinstance(node, Tree):
        return "(" + " ".join([str(node.data), *map(shown, node.children)]) + ")"
    return f"({node.type} {json.dumps(str(node))})"


def verdict(parser, text):
    try:
        tree = parser.parse(text)
    except UnexpectedInput:
        return None
    several = any(found.data == "_ambig" for found in tree.iter_subtrees())
    return True if several else shown(tree)


def main(seed, count):
    grammars = Grammars(seed)
    while count > 0:
        source = grammars.grammar()
        texts = sorted({grammars.text() for _ in range(12)})
        try:
            parser = Lark(source, parser="earley", lexer="dynamic", ambiguity="explicit")
        except Exception:
            continue
        found = {}
        for text in texts:
            try:
                found[text] = verdict(parser, text)
            except (RuntimeError, RecursionError):
                pass
        print(json.dumps({"grammar": source, "texts": found}))
        count -= 1


main(int(sys.argv[1]), int(sys.argv[2]))
