grammar Arithmetic;

start: sum;
sum: product (SP? SUM_OP SP? product)*;
product: signed (SP? PRODUCT_OP SP? signed)*;
signed: SUM_OP? power;
power: atom (SP? '^' SP? signed)?;
atom: NUMBER | NAME | call | '(' SP? sum SP? ')';
call: NAME '(' SP? (sum (SP? ',' SP? sum)* SP?)? ')';

SUM_OP: '+' | '-';
PRODUCT_OP: '*' | '/' | '%';
NUMBER: ([0-9]+ ('.' [0-9]+)? | '.' [0-9]+) ([eE] [+-]? [0-9]+)?;
NAME: [A-Za-z_] [A-Za-z0-9_]*;
SP: ' ';
