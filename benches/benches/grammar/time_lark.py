"""Times Python's Lark: GRAMMAR TEXT PARSER ROUNDS; prints the best round in seconds of this process's time."""

import sys
import time

import lark

grammar, text, parser, rounds = sys.argv[1:]
with open(grammar, encoding="utf-8") as file:
    parse = lark.Lark(file.read(), parser=parser).parse
with open(text, encoding="utf-8") as file:
    text = file.read()

best = float("inf")
for _ in range(int(rounds)):
    start = time.process_time()
    parse(text)
    best = min(best, time.process_time() - start)
print(best)
