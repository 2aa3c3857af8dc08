grammar Semver;

start: NUMBER '.' NUMBER '.' NUMBER ('-' prerelease)? ('+' build)?;
prerelease: IDENTIFIER ('.' IDENTIFIER)*;
build: BUILD ('.' BUILD)*;

NUMBER: '0' | [1-9] [0-9]*;
IDENTIFIER: '0' | [1-9] [0-9]* | [0-9]* [A-Za-z-] [0-9A-Za-z-]*;
BUILD: [0-9A-Za-z-]+;
