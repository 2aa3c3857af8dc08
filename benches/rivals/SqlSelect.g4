grammar SqlSelect;

start: select;
select: 'SELECT' SP ('DISTINCT' SP)? columns SP 'FROM' SP tables where? group? order? limit?;
columns: '*' | column (', ' column)*;
column: NAME '.*' | expr (SP 'AS' SP NAME)?;
tables: table join*;
table: NAME (SP 'AS' SP NAME)? | '(' select ')' SP 'AS' SP NAME;
join: SP ('INNER' SP | JOIN_SIDE SP ('OUTER' SP)?)? 'JOIN' SP table SP 'ON' SP expr
    | SP 'CROSS' SP 'JOIN' SP table;
where: SP 'WHERE' SP expr;
group: SP 'GROUP' SP 'BY' SP expr (', ' expr)* (SP 'HAVING' SP expr)?;
order: SP 'ORDER' SP 'BY' SP ordering (', ' ordering)*;
ordering: expr (SP DIRECTION)?;
limit: SP 'LIMIT' SP INTEGER (SP 'OFFSET' SP INTEGER)?;
expr: conjunction (SP 'OR' SP conjunction)*;
conjunction: negation (SP 'AND' SP negation)*;
negation: ('NOT' SP)? predicate;
predicate: sum
    | sum SP COMPARISON SP sum
    | sum SP 'IS' SP ('NOT' SP)? 'NULL'
    | sum SP ('NOT' SP)? 'BETWEEN' SP sum SP 'AND' SP sum
    | sum SP ('NOT' SP)? 'LIKE' SP sum
    | sum SP ('NOT' SP)? 'IN' SP '(' (select | expr (', ' expr)*) ')'
    | 'EXISTS' SP '(' select ')';
sum: product (SP SUM_OP SP product)*;
product: value (SP PRODUCT_OP SP value)*;
value: '-'? operand;
operand: INTEGER | DECIMAL | STRING | 'NULL' | 'TRUE' | 'FALSE' | NAME ('.' NAME)? | call | case_
    | '(' expr ')' | '(' select ')';
call: NAME '(' ('*' | ('DISTINCT' SP)? expr (', ' expr)*)? ')'
    | AGGREGATE '(' ('*' | ('DISTINCT' SP)? expr) ')'
    | 'CAST' '(' expr SP 'AS' SP TYPE ')';
case_: 'CASE' (SP expr)? (SP 'WHEN' SP expr SP 'THEN' SP expr)+ (SP 'ELSE' SP expr)? SP 'END';

JOIN_SIDE: 'LEFT' | 'RIGHT' | 'FULL';
DIRECTION: 'ASC' | 'DESC';
AGGREGATE: 'COUNT' | 'SUM' | 'AVG' | 'MIN' | 'MAX';
TYPE: 'INTEGER' | 'REAL' | 'TEXT' | 'NUMERIC' | 'DATE';
COMPARISON: '=' | '<>' | '!=' | '<=' | '>=' | '<' | '>';
SUM_OP: '+' | '-' | '||';
PRODUCT_OP: '*' | '/' | '%';
NAME: [a-z_] [a-z0-9_]* | '"' (~["\u0000-\u001f] | '""')+ '"';
INTEGER: [0-9]+;
DECIMAL: [0-9]+ '.' [0-9]+;
STRING: '\'' (~['\u0000-\u001f] | '\'\'')* '\'';
SP: ' ';
