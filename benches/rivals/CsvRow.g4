grammar CsvRow;

start: field (',' field)*;
field: PLAIN? | QUOTED;

PLAIN: ~[",\u0000-\u001f\u007f]+;
QUOTED: '"' (~["\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f] | '""')* '"';
