//! Instructions of a Dockerfile.

use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::{maybe, name, some};

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{lines}\n")]
pub(crate) struct File {
    #[syntax(separator = "\n", min = 1)]
    lines: Vec<Instruction>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(ignore_case)]
pub(crate) enum Instruction {
    #[syntax("FROM {image}{tag}{stage}")]
    From {
        image: Word,
        #[syntax(some = ":{}")]
        tag: Option<Word>,
        #[syntax(some = " AS {}")]
        stage: Option<Word>,
    },
    #[syntax("RUN {0}")]
    Run(#[syntax(pattern = "[!-Z^-~][ -~]{0,60}")] String),
    #[syntax("RUN {0}")]
    Exec(Arguments),
    #[syntax("COPY {from} {to}")]
    Copy { from: Word, to: Word },
    #[syntax("ENV {name}={value}")]
    Env { name: Word, value: String },
    #[syntax("EXPOSE {port}{protocol}")]
    Expose {
        #[syntax(range = 1..=65535)]
        port: u16,
        #[syntax(some = "/{}")]
        protocol: Option<Protocol>,
    },
    #[syntax("CMD {0}")]
    Command(Arguments),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("[{0}]")]
pub(crate) struct Arguments(#[syntax(min = 1)] Vec<String>);

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(pattern = "[a-z0-9._/-]{1,20}")]
pub(crate) struct Word(String);

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(rename_all = "lowercase")]
pub(crate) enum Protocol {
    Tcp,
    Udp,
}

pub(crate) type Root = File;

pub(crate) const ACCEPTED: &[&str] = &[
    "FROM rust:1.95 AS build\nCOPY . /src\nRUN cargo build --release\nEXPOSE 80/tcp\nCMD [\"./run\", \"-v\"]\n",
    "FROM scratch\nENV path=\"/a b\"\nRUN [\"ls\"]\n",
];

pub(crate) const REFUSED: &[&str] = &["FROM rust", "RUN \n", "EXPOSE 0\n", "CMD []\n", "FROM a b\n", "\n"];

pub(crate) fn values() -> impl Strategy<Value = Root> {
    let word = || name("[a-z0-9._/-]{1,20}", Word);
    let arguments = || some(".{0,8}", 3).prop_map(Arguments);
    let protocol = prop_oneof![Just(Protocol::Tcp), Just(Protocol::Udp)];
    let line = prop_oneof![
        (word(), maybe(word()), maybe(word()))
            .prop_map(|(image, tag, stage)| Instruction::From { image, tag, stage }),
        name("[!-Z^-~][ -~]{0,60}", Instruction::Run),
        arguments().prop_map(Instruction::Exec),
        (word(), word()).prop_map(|(from, to)| Instruction::Copy { from, to }),
        (word(), ".{0,10}").prop_map(|(name, value)| Instruction::Env { name, value }),
        (1..=u16::MAX, maybe(protocol))
            .prop_map(|(port, protocol)| Instruction::Expose { port, protocol }),
        arguments().prop_map(Instruction::Command),
    ];
    some(line, 5).prop_map(|lines| File { lines })
}
