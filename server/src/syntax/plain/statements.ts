/** Plain statements, as the grammar's nodes. */
import { beginsType, readDeclaration, readTypedef } from './declarations.ts';
import { readExpression } from './expressions.ts';
import { filling, type Growing, type PlainReader, Sign } from './reader.ts';
import { Token } from './words.ts';

export function readBlock(reader: PlainReader): Growing {
  const { start } = reader;
  const statements: Growing[] = [];
  reader.expect(Sign.openBrace);
  while (!reader.take(Sign.closeBrace) && !reader.failed) {
    const symbol = reader.symbol();
    const isCase = symbol === Token.case || symbol === Token.default;
    statements.push(isCase ? readCase(reader) : reader.deeper(readStatementOrDeclaration));
  }
  return reader.node('compound_statement', start, statements);
}

/** A `case` up to its colon: lowering puts what it labels behind it anyway. */
function readCase(reader: PlainReader): Growing {
  const { start } = reader;
  const children: Growing[] = [];
  const isCase = reader.symbol() === Token.case;
  reader.skip();
  if (isCase) children.push(filling('value', readExpression(reader)));
  const colon = reader.symbol() === Sign.colon ? reader.leaf(':') : reader.fail();
  children.push({ ...colon, named: false });
  return reader.node('case_statement', start, children);
}

function readStatementOrDeclaration(reader: PlainReader): Growing {
  if (reader.symbol() === Token.typedef) return readTypedef(reader);
  return beginsDeclaration(reader) ? readDeclaration(reader) : readStatement(reader);
}

const behindDeclared: ReadonlySet<number> = new Set([Sign.semicolon, Sign.assign, Sign.comma, Sign.openBracket]);

/** `name name`, or `name *name` with what follows a declared name. */
function beginsDeclaration(reader: PlainReader): boolean {
  if (beginsType(reader.symbol())) return true;
  if (reader.symbol() !== Token.name) return false;
  if (reader.symbol(1) === Token.name || reader.symbol(1) === Token.qualifier) return true;
  let ahead = 1;
  while (reader.symbol(ahead) === Sign.star || reader.symbol(ahead) === Token.qualifier) ahead++;
  if (ahead === 1) return false;
  if (reader.symbol(ahead) === Token.name) return behindDeclared.has(reader.symbol(ahead + 1));
  return functionPointer.every((symbol, index) => reader.symbol(ahead + index) === symbol);
}

/** `(*name)(`: behind a type, a pointer to a function. */
const functionPointer: readonly number[] = [Sign.openParenthesis, Sign.star, Token.name, Sign.closeParenthesis, Sign.openParenthesis];

function readStatement(reader: PlainReader): Growing {
  return reader.deeper(readStatementHere);
}

function readStatementHere(reader: PlainReader): Growing {
  const { start } = reader;
  switch (reader.symbol()) {
    case Sign.openBrace:
      return readBlock(reader);
    case Sign.semicolon:
      reader.skip();
      return reader.node('expression_statement', start, []);
    case Token.if:
      return readIf(reader);
    case Token.while:
      return readHeaded(reader, 'while_statement');
    case Token.switch:
      return readHeaded(reader, 'switch_statement');
    case Token.do:
      return readDo(reader);
    case Token.for:
      return readFor(reader);
    case Token.return:
      return readReturn(reader);
    case Token.goto: {
      reader.skip();
      const label = reader.name('statement_identifier', 'label');
      return readEnd(reader, 'goto_statement', start, [label]);
    }
    case Token.break:
      reader.skip();
      return readEnd(reader, 'break_statement', start, []);
    case Token.continue:
      reader.skip();
      return readEnd(reader, 'continue_statement', start, []);
    default:
      if (reader.symbol() === Token.name && reader.symbol(1) === Sign.colon) return readLabelled(reader);
      return readEnd(reader, 'expression_statement', start, [readExpression(reader)]);
  }
}

function readEnd(reader: PlainReader, type: string, start: number, children: Growing[]): Growing {
  reader.expect(Sign.semicolon);
  return reader.node(type, start, children);
}

function readLabelled(reader: PlainReader): Growing {
  const { start } = reader;
  const label = reader.name('statement_identifier', 'label');
  reader.skip();
  const symbol = reader.symbol();
  // A `case` behind a label stands in the block.
  if (symbol === Token.case || symbol === Token.default) return reader.node('labeled_statement', start, [label]);
  const statement = readStatementOrDeclaration(reader);
  return reader.node('labeled_statement', start, [label, statement]);
}

function readCondition(reader: PlainReader): Growing {
  const { start } = reader;
  reader.expect(Sign.openParenthesis);
  const inner = reader.symbol() === Sign.openBrace ? reader.deeper(readBlock) : readExpression(reader);
  reader.expect(Sign.closeParenthesis);
  return filling('condition', reader.node('parenthesized_expression', start, [inner]));
}

function readIf(reader: PlainReader): Growing {
  const { start } = reader;
  reader.skip();
  const children = [readCondition(reader), filling('consequence', readStatement(reader))];
  const otherwise = reader.start;
  if (reader.take(Token.else)) {
    const statement = readStatement(reader);
    children.push(filling('alternative', reader.node('else_clause', otherwise, [statement])));
  }
  return reader.node('if_statement', start, children);
}

function readHeaded(reader: PlainReader, type: string): Growing {
  const { start } = reader;
  reader.skip();
  const condition = readCondition(reader);
  const body = filling('body', readStatement(reader));
  return reader.node(type, start, [condition, body]);
}

function readDo(reader: PlainReader): Growing {
  const { start } = reader;
  reader.skip();
  const body = filling('body', readStatement(reader));
  reader.expect(Token.while);
  const condition = readCondition(reader);
  return readEnd(reader, 'do_statement', start, [body, condition]);
}

function readFor(reader: PlainReader): Growing {
  const { start } = reader;
  const children: Growing[] = [];
  reader.skip();
  reader.expect(Sign.openParenthesis);
  if (beginsDeclaration(reader)) children.push(filling('initializer', readDeclaration(reader)));
  else if (!reader.take(Sign.semicolon)) {
    children.push(filling('initializer', readExpression(reader)));
    reader.expect(Sign.semicolon);
  }
  if (!reader.take(Sign.semicolon)) {
    children.push(filling('condition', readExpression(reader)));
    reader.expect(Sign.semicolon);
  }
  if (reader.symbol() !== Sign.closeParenthesis) children.push(filling('update', readExpression(reader)));
  reader.expect(Sign.closeParenthesis);
  children.push(filling('body', readStatement(reader)));
  return reader.node('for_statement', start, children);
}

function readReturn(reader: PlainReader): Growing {
  const { start } = reader;
  reader.skip();
  return readEnd(reader, 'return_statement', start, reader.symbol() === Sign.semicolon ? [] : [readExpression(reader)]);
}
