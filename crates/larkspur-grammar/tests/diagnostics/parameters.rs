//! llguidance's attributes and parameters.

use super::{Case, llguidance, openai, show, unlike};

const CASES: &[Case] = &[
    llguidance("start[lasy]: \"a\"\n"),
    llguidance("start[capture=a, max_tokens=\"x\", temperature=hot, lazy=1]: \"a\"\n"),
    llguidance("start: a b\na[stop=\"x\", suffix=\"y\"]: /[a-z]+/\nb[stop_capture=\"n\"]: \"b\"\n"),
    llguidance("start: a\na[lazy]: \"x\" b\nb: \"y\"\n"),
    llguidance("start: a\na[max_tokens=3]: b b\nb: \"y\"\n"),
    llguidance("A[lazy]: \"x\"\nstart: A\n"),
    llguidance("start: a::1 b\na: \"x\"\nb::_: \"y\" b::incr(_)  %if lt(_, 3)\n | \"z\"\n"),
    llguidance("start: a::0\na::_: \"x\"\n"),
    llguidance("start: \"x\" %if lt(_, 3)\n"),
    llguidance(
        "start: a::0\na::_: \"x\" a::incr(_) %if less(_, 3)\n | \"y\" a::add(1)\n | \"z\" %if bit_set(64)\n | \"q\" %if eq([3:2], 1)\n",
    ),
    unlike(
        llguidance("start: a::0\na::_: \"x\" a::incr(_)\n"),
        "rules with parameters are written out here, one for each value",
    ),
    llguidance("start: a::0\na::_[max_tokens=3]: \"x\" a::incr(_) %if lt(_, 3)\n"),
    llguidance("BAR: \"b\" %if true\nstart: BAR\n"),
    llguidance("BAR: \"b\" %if lt(_, 1)\nstart: BAR\n"),
    llguidance("start: nope::0\n"),
    openai(
        "start: perm::0\nperm::_: \"\" %if is_ones([0:2])\n | \"a\" perm::set_bit(0) %if bit_clear(0)\n | \"b\" perm::set_bit(1) %if bit_clear(1)\n",
    ),
    llguidance("start: \"a\" ~~\"b\"\n"),
];

#[test]
fn parameters() {
    insta::assert_snapshot!(show(CASES));
}
