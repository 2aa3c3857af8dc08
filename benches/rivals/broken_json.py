"""Broken JSON and valid JSON, read by larkspur and by libraries that repair JSON: one table.

    cargo build --workspace
    python3 -m venv target/rivals && target/rivals/bin/pip install json_repair==0.64.6 partial-json-parser==0.2.1.1.post7
    npm install --prefix target/rivals jsonrepair@3
    cargo install llm_json --version 1.0.3 --root target/rivals
    target/rivals/bin/python benches/rivals/broken_json.py DATA

DATA holds broken-json and openai-recordings. The broken texts are those without a schema that have one defensible reading: the
source expects a value, and tests/corpora/lenient.json lists the case either not at all or as missed. So the list is ours. Blanks at
the end of strings and members that are null are not compared.
"""

import json
import pathlib
import subprocess
import sys

import json_repair
import partial_json_parser

ROOT = pathlib.Path(__file__).resolve().parents[2]
REFUSED = object()


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def defensible(data):
    """Texts with the value that they say."""
    exceptions = json.loads((ROOT / "tests/corpora/lenient.json").read_text())
    reasons = (item for lists in exceptions.values() for item in lists.items())
    listed = {line for reason, lines in reasons if not reason.startswith("missed:") for line in lines}
    for number, case in enumerate(lines(data / "broken-json/cases.jsonl")):
        if case["kind"] in ("repair", "extract") and number not in listed and "expect" in case:
            yield case["input"], case["expect"]


def valid(data):
    """Texts that are JSON, those with code blocks inside strings among them."""
    for name in ("broken-json/cases.jsonl", "openai-recordings/schema-output-pairs.jsonl"):
        for line in (data / name).read_text().splitlines():
            yield line, json.loads(line)
    for text in ("{\"a\": \"```json\\n{}\\n```\"}", "[\"it's\", \"// no comment\", \"{'b': 1,}\"]"):
        yield text, json.loads(text)


def larkspur(texts):
    texts = "".join(json.dumps(text) + "\n" for text in texts)
    schema = ROOT / "target/rivals/any.json"
    schema.write_text("true")
    command = [ROOT / "target/debug/larkspur", "validate", schema, "--lenient", "--ndjson"]
    done = subprocess.run(command, input=texts, capture_output=True, text=True)
    results = [json.loads(line) for line in done.stdout.splitlines()]
    return [result["value"] if "value" in result else REFUSED for result in results]


def jsonrepair(texts):
    program = """
        const { jsonrepair } = require('jsonrepair');
        const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));
        const read = text => { try { return { value: JSON.parse(jsonrepair(text)) } } catch { return {} } };
        console.log(JSON.stringify(texts.map(read)));
    """
    done = subprocess.run(["node", "-e", program], input=json.dumps(texts), capture_output=True, text=True, cwd=ROOT / "target/rivals", check=True)
    return [result.get("value", REFUSED) for result in json.loads(done.stdout)]


def llm_json(texts):
    def one(text):
        done = subprocess.run([ROOT / "target/rivals/bin/llm_json"], input=text, capture_output=True, text=True)
        return REFUSED if done.returncode else json.loads(done.stdout)

    return [one(text) for text in texts]


def python(read):
    def one(text):
        try:
            return read(text)
        except Exception:
            return REFUSED

    return lambda texts: [one(text) for text in texts]


def same(one, other):
    """Whether two values say the same, numbers as numbers and without members that are null."""
    if isinstance(one, dict) and isinstance(other, dict):
        one, other = ({key: value for key, value in side.items() if value is not None} for side in (one, other))
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return one == other


def main():
    data = pathlib.Path(sys.argv[1])
    readers = {
        "larkspur": larkspur,
        "jsonrepair": jsonrepair,
        "llm_json": llm_json,
        "json_repair": python(json_repair.loads),
        "partial-json-parser": python(partial_json_parser.loads),
    }
    broken, unbroken = list(defensible(data)), list(valid(data))
    print(f"| of {len(broken)} broken texts, and {len(unbroken)} valid ones | read right | refused | read to something else | valid JSON altered or refused |")
    print("|---|---|---|---|---|")
    for name, read in readers.items():
        found = read([text for text, _ in broken])
        right = sum(value is not REFUSED and same(value, expected) for value, (_, expected) in zip(found, broken, strict=True))
        refused = sum(value is REFUSED for value in found)
        kept = read([text for text, _ in unbroken])
        altered = sum(value is REFUSED or not same(value, expected) for value, (_, expected) in zip(kept, unbroken, strict=True))
        print(f"| {name} | {right} | {refused} | {len(broken) - right - refused} | {altered} |")


main()
