//! Rules of a makefile.

use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::{any_of, name, some};

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{rules}\n")]
pub(crate) struct Makefile {
    #[syntax(separator = "\n\n", min = 1)]
    rules: Vec<Rule>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{targets}:{needs}{recipe}")]
pub(crate) struct Rule {
    #[syntax(separator = " ", min = 1)]
    targets: Vec<Target>,
    #[syntax(some = " {}", separator = " ")]
    needs: Vec<Target>,
    #[syntax(separator = "")]
    recipe: Vec<Command>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(pattern = "[A-Za-z0-9_./%-]{1,20}")]
pub(crate) struct Target(String);

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("\n\t{flags}{command}")]
pub(crate) struct Command {
    #[syntax(separator = "", max = 2)]
    flags: Vec<Flag>,
    #[syntax(pattern = "[A-Za-z0-9$][ -~]{0,60}")]
    command: String,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Flag {
    #[syntax("@")]
    Quiet,
    #[syntax("-")]
    Anyway,
}

pub(crate) type Root = Makefile;

pub(crate) const ACCEPTED: &[&str] = &[
    "all: build test\n\n%.o: %.c\n\t@-$(CC) -c $<\n\techo done\n",
    "clean:\n\trm -rf out\n",
];

pub(crate) const REFUSED: &[&str] = &["all\n", "all: build", ": a\n", "all:\n\t\n", "all:\n  rm\n", "all: a\n\nb\n"];

pub(crate) fn values() -> impl Strategy<Value = Root> {
    let target = || name("[A-Za-z0-9_./%-]{1,20}", Target);
    let flag = prop_oneof![Just(Flag::Quiet), Just(Flag::Anyway)];
    let command = (any_of(flag, 2), "[A-Za-z0-9$][ -~]{0,60}")
        .prop_map(|(flags, command)| Command { flags, command });
    let rule = (some(target(), 2), any_of(target(), 3), any_of(command, 3))
        .prop_map(|(targets, needs, recipe)| Rule { targets, needs, recipe });
    some(rule, 3).prop_map(|rules| Makefile { rules })
}
