# The verbs of this repository. `just` alone lists them; CI runs `just ci`.
# Only `just`, Python, Node (for the SDK suite) and PostgreSQL (for the corpora) are needed beyond the Rust toolchain.

set shell := ["bash", "-euo", "pipefail", "-c"]

_list:
    @just --list --unsorted

# The README's main job, a typed answer over HTTP from the local server; then the same with a language of one's own.
demo:
    cargo run --example quickstart
    cargo run --example filter
    cargo run --example ask_database

# The README's test command.
test:
    cargo test --workspace

# The tests with other cases of every law, as many as one likes: `just explore 20 1000`.
explore ROUNDS="5" CASES="1000":
    for round in $(seq {{ROUNDS}}); do \
        PROPTEST_RNG_SEED=$RANDOM$RANDOM PROPTEST_CASES={{CASES}} cargo test --workspace --no-fail-fast; \
    done

# Formatting, lints and docs, all as errors.
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --features larkspur-tests/corpora -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# Real schemas, recordings and instances; needs the data folder (LARKSPUR_DATA, default ../shared/data) and PostgreSQL's
# programs (`apt-get install postgresql`, or LARKSPUR_POSTGRES, the folder of its `initdb`).
corpora:
    cargo test --workspace --features larkspur-tests/corpora --test corpora

# The laws of the languages in the derive's tests, ten thousand texts of each kind.
languages TEXTS="10000":
    LARKSPUR_TEXTS={{TEXTS}} cargo test --workspace --test languages

# Soundness of the grammars of databases: ten thousand sentences of each, of real ones and of ten with hostile names.
sentences NUMBER="10000":
    LARKSPUR_SENTENCES={{NUMBER}} cargo test --workspace --features larkspur-tests/corpora --test sql --test corpora sentences_of

# Many requests at the same time, one in twenty of which fails: nothing is lost, and no memory.
soak REQUESTS="20000":
    LARKSPUR_SOAK={{REQUESTS}} cargo test --workspace --test over_http soak

# The official SDKs of OpenAI and Anthropic (Python, Node) and Google (Python) against `larkspur serve`.
sdk:
    cargo build --workspace
    tests/sdk/run

# The client against a real server of somebody else's with a real small model: llama.cpp's, in Python, which is compiled once (needs
# cmake and a C++ compiler), and weights of 98 MB, which are downloaded once.
llama *ARGS:
    tests/llama_cpp/run {{ARGS}}

# The local server with that model in it, through llama.cpp (compiled once: minutes; needs cmake, libclang and a C++ compiler).
gguf *ARGS:
    LARKSPUR_GGUF="${LARKSPUR_GGUF:-$(tests/llama_cpp/weights)}" \
        cargo test --workspace --features larkspur-tests/gguf,larkspur-cli/gguf --test gguf -- --nocapture {{ARGS}}

# Licences, duplicate bans, sources.
deny:
    cargo deny check licenses bans sources

# The library must build with no more features of its dependencies than it asks for itself (the tests ask for more, which
# a build of the workspace shares), and without its HTTP side, where it must stay small.
slim:
    cargo check -p larkspur
    cargo check -p larkspur --no-default-features
    test "$(cargo tree -p larkspur --no-default-features -e normal,build --prefix none | sed 's/ (\*)//' | sort -u | wc -l)" -lt 40

# Benchmarks, in release.
bench *ARGS:
    cargo bench --workspace {{ARGS}}

# Installs Python's Lark for the grammar bench, which does without it.
lark:
    python3 -m venv target/lark
    target/lark/bin/pip --quiet install lark==1.3.1

# Everything that must hold before a change lands.
ci: lint test demo corpora slim sdk deny
