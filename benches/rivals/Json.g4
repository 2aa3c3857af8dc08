grammar Json;

start: WS? value WS?;
value: object | array | STRING | NUMBER | 'true' | 'false' | 'null';
object: '{' WS? (member (',' WS? member)*)? '}';
member: STRING WS? ':' WS? value WS?;
array: '[' WS? (value WS? (',' WS? value WS?)*)? ']';

STRING: '"' (~["\\\u0000-\u001f] | '\\' (["\\/bfnrt] | 'u' HEX HEX HEX HEX))* '"';
fragment HEX: [0-9a-fA-F];
NUMBER: '-'? ('0' | [1-9] [0-9]*) ('.' [0-9]+)? ([eE] [+-]? [0-9]+)?;
WS: [ \t\r\n]+;
