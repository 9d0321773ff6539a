/** Plain expressions and initialisers, as the grammar's nodes. What could be a type as well as a value is decided as the grammar does. */
import { code } from '../tokens.ts';
import { beginsType, readTypeDescriptor } from './declarations.ts';
import { filling, type Growing, type PlainReader, Sign } from './reader.ts';
import { readBlock } from './statements.ts';
import { isWord, Token } from './words.ts';

function ranks(...levels: readonly string[]): ReadonlyMap<number, number> {
  return new Map(levels.flatMap((level, rank) => level.split(' ').map((sign) => [code(sign), rank + 1] as const)));
}

/** How tightly binary operators bind. */
const rankOf = ranks('||', '&&', '|', '^', '&', '== !=', '< > <= >=', '<< >>', '+ -', '* / %');
const assigning: ReadonlySet<number> = new Set(['=', '*=', '/=', '%=', '+=', '-=', '<<=', '>>=', '&=', '^=', '|='].map(code));
const assignable: ReadonlySet<string> = new Set([
  'identifier',
  'call_expression',
  'field_expression',
  'pointer_expression',
  'subscript_expression',
  'parenthesized_expression',
]);

/** Expressions with commas between them. */
export function readExpression(reader: PlainReader): Growing {
  const left = readAssignment(reader);
  if (!reader.take(Sign.comma)) return left;
  const right = filling('right', reader.deeper(readExpression));
  return reader.node('comma_expression', left.start, [filling('left', left), right]);
}

/** One expression without commas. */
export function readAssignment(reader: PlainReader): Growing {
  return reader.deeper(readAssignmentHere);
}

function readAssignmentHere(reader: PlainReader): Growing {
  const left = readConditional(reader);
  if (!assigning.has(reader.symbol())) return left;
  if (!assignable.has(left.type)) return reader.fail();
  const operator = reader.leaf('operator', 'operator');
  const right = filling('right', readAssignment(reader));
  return reader.node('assignment_expression', left.start, [filling('left', left), operator, right]);
}

function readConditional(reader: PlainReader): Growing {
  const condition = readBinary(reader, 1);
  if (!reader.take(Sign.question)) return condition;
  const children = [filling('condition', condition)];
  if (reader.symbol() !== Sign.colon) children.push(filling('consequence', readExpression(reader)));
  reader.expect(Sign.colon);
  children.push(filling('alternative', reader.deeper(readConditional)));
  return reader.node('conditional_expression', condition.start, children);
}

function readBinary(reader: PlainReader, least: number): Growing {
  let left = readUnary(reader);
  for (let rank = rankOf.get(reader.symbol()); rank !== undefined && rank >= least; rank = rankOf.get(reader.symbol())) {
    const operator = reader.leaf('operator', 'operator');
    const right = filling('right', readBinary(reader, rank + 1));
    left = reader.node('binary_expression', left.start, [filling('left', left), operator, right]);
  }
  return left;
}

function readUnary(reader: PlainReader): Growing {
  return reader.deeper(readUnaryHere);
}

function readUnaryHere(reader: PlainReader): Growing {
  switch (reader.symbol()) {
    case Sign.minus:
    case Sign.plus:
      return reader.symbol(1) === Token.number && reader.touchesNext ? readSignedNumber(reader) : readPrefix(reader, 'unary_expression');
    case Sign.not:
    case Sign.complement:
      return readPrefix(reader, 'unary_expression');
    case Sign.star:
    case Sign.ampersand:
      return readPrefix(reader, 'pointer_expression');
    case Sign.increment:
    case Sign.decrement:
      return readPrefix(reader, 'update_expression');
    case Token.sizeof:
      return readSizeof(reader);
    case Sign.openParenthesis:
      return readParenthesis(reader);
    default:
      return readSuffixes(reader, readPrimary(reader));
  }
}

function readSignedNumber(reader: PlainReader): Growing {
  const { start } = reader;
  reader.skip();
  reader.skip();
  return reader.node('number_literal', start, []);
}

function readPrefix(reader: PlainReader, type: string): Growing {
  const { start } = reader;
  const operator = reader.leaf('operator', 'operator');
  const argument = filling('argument', readUnary(reader));
  return reader.node(type, start, [operator, argument]);
}

const leaves: ReadonlyMap<number, string> = new Map([
  [Token.number, 'number_literal'],
  [Token.character, 'char_literal'],
  [Token.true, 'true'],
  [Token.false, 'false'],
  [Token.null, 'null'],
]);

function readPrimary(reader: PlainReader): Growing {
  const symbol = reader.symbol();
  if (symbol === Token.string || (symbol === Token.name && reader.symbol(1) === Token.string)) return readStrings(reader);
  if (symbol === Token.name) return reader.leaf('identifier');
  if (symbol === Token.asm) return readAssembly(reader);
  const leaf = leaves.get(symbol);
  if (leaf !== undefined) return reader.leaf(leaf);
  // `min_t(int, a, b)`: alone as an argument, any word is a name to the grammar.
  const alone = reader.symbol(1) === Sign.comma || reader.symbol(1) === Sign.closeParenthesis;
  return isWord(symbol) && alone ? reader.leaf('identifier') : reader.fail();
}

/** Assembly, of which the mask leaves an empty string. */
function readAssembly(reader: PlainReader): Growing {
  const { start } = reader;
  reader.skip();
  reader.expect(Sign.openParenthesis);
  reader.expect(Token.string);
  reader.expect(Sign.closeParenthesis);
  return reader.node('gnu_asm_expression', start, []);
}

/** Strings in a row, and names between them. */
function readStrings(reader: PlainReader): Growing {
  const { start } = reader;
  const parts: Growing[] = [];
  for (let symbol = reader.symbol(); symbol === Token.string || symbol === Token.name; symbol = reader.symbol())
    parts.push(reader.leaf(symbol === Token.string ? 'string_literal' : 'identifier'));
  const [only] = parts;
  return only && parts.length === 1 ? only : reader.node('concatenated_string', start, parts);
}

/** The calls, indexes and members behind a value. */
function readSuffixes(reader: PlainReader, value: Growing): Growing {
  const { start } = value;
  let object = value;
  for (;;) {
    switch (reader.symbol()) {
      case Sign.openParenthesis: {
        const list = filling('arguments', readArguments(reader));
        object = reader.node('call_expression', start, [filling('function', object), list]);
        break;
      }
      case Sign.openBracket: {
        reader.skip();
        const index = filling('index', readAssignment(reader));
        reader.expect(Sign.closeBracket);
        object = reader.node('subscript_expression', start, [filling('argument', object), index]);
        break;
      }
      case Sign.dot:
      case Sign.arrow: {
        const operator = reader.leaf('operator', 'operator');
        const field = reader.name('field_identifier', 'field');
        object = reader.node('field_expression', start, [filling('argument', object), operator, field]);
        break;
      }
      case Sign.increment:
      case Sign.decrement: {
        const operator = reader.leaf('operator', 'operator');
        object = reader.node('update_expression', start, [filling('argument', object), operator]);
        break;
      }
      default:
        return object;
    }
  }
}

function readArguments(reader: PlainReader): Growing {
  const { start } = reader;
  const given: Growing[] = [];
  reader.skip();
  if (!reader.take(Sign.closeParenthesis)) {
    do given.push(reader.symbol() === Sign.openBrace ? reader.deeper(readBlock) : readAssignment(reader));
    while (reader.take(Sign.comma));
    reader.expect(Sign.closeParenthesis);
  }
  return reader.node('argument_list', start, given);
}

/** What begins with a parenthesis: a cast, a compound literal, statements as a value, or a value. */
function readParenthesis(reader: PlainReader): Growing {
  const { start } = reader;
  if (holdsType(reader)) {
    reader.skip();
    const type = filling('type', readTypeDescriptor(reader));
    reader.expect(Sign.closeParenthesis);
    if (reader.symbol() === Sign.openBrace) {
      const value = filling('value', readInitializer(reader));
      return readSuffixes(reader, reader.node('compound_literal_expression', start, [type, value]));
    }
    const value = filling('value', readUnary(reader));
    return reader.node('cast_expression', start, [type, value]);
  }
  reader.skip();
  const inner = reader.symbol() === Sign.openBrace ? reader.deeper(readBlock) : readExpression(reader);
  reader.expect(Sign.closeParenthesis);
  return readSuffixes(reader, reader.node('parenthesized_expression', start, [inner]));
}

/** Tokens behind `(name)` that make it a cast; what may go on with a value as well, does. */
const operands: ReadonlySet<number> = new Set([
  Token.name,
  Token.number,
  Token.string,
  Token.character,
  Token.sizeof,
  Token.true,
  Token.false,
  Token.null,
  Sign.not,
  Sign.complement,
  Sign.openBrace,
]);

/** Whether the parenthesis here holds a type. */
function holdsType(reader: PlainReader): boolean {
  if (beginsType(reader.symbol(1))) return true;
  if (reader.symbol(1) !== Token.name) return false;
  let ahead = 2;
  while (reader.symbol(ahead) === Sign.star || reader.symbol(ahead) === Token.qualifier) ahead++;
  if (reader.symbol(ahead) === Sign.openBracket && reader.symbol(ahead + 1) === Sign.closeBracket) ahead += 2;
  if (reader.symbol(ahead) !== Sign.closeParenthesis) return false;
  return ahead > 2 || operands.has(reader.symbol(3)) || (reader.symbol(3) === Sign.openParenthesis && beginsType(reader.symbol(4)));
}

function readSizeof(reader: PlainReader): Growing {
  const { start } = reader;
  reader.skip();
  if (reader.symbol() !== Sign.openParenthesis || !sizeofHoldsType(reader)) {
    const value = filling('value', readUnary(reader));
    return reader.node('sizeof_expression', start, [value]);
  }
  reader.skip();
  const type = filling('type', readTypeDescriptor(reader));
  reader.expect(Sign.closeParenthesis);
  if (reader.symbol() === Sign.openBrace) return reader.fail();
  return reader.node('sizeof_expression', start, [type]);
}

const suffixes: ReadonlySet<number> = new Set([
  Sign.dot,
  Sign.arrow,
  Sign.openBracket,
  Sign.openParenthesis,
  Sign.increment,
  Sign.decrement,
]);

function sizeofHoldsType(reader: PlainReader): boolean {
  if (beginsType(reader.symbol(1))) return true;
  if (reader.symbol(1) !== Token.name) return false;
  let ahead = 2;
  while (reader.symbol(ahead) === Sign.star) ahead++;
  return reader.symbol(ahead) === Sign.closeParenthesis && !suffixes.has(reader.symbol(ahead + 1));
}

/** The value behind `=`. */
export function readInitializer(reader: PlainReader): Growing {
  return reader.symbol() === Sign.openBrace ? reader.deeper(readList) : readAssignment(reader);
}

function readList(reader: PlainReader): Growing {
  const { start } = reader;
  const entries: Growing[] = [];
  reader.skip();
  while (!reader.take(Sign.closeBrace) && !reader.failed) {
    entries.push(readEntry(reader));
    if (reader.symbol() !== Sign.closeBrace) reader.expect(Sign.comma);
  }
  return reader.node('initializer_list', start, entries);
}

function readEntry(reader: PlainReader): Growing {
  const { start } = reader;
  const designators: Growing[] = [];
  if (reader.symbol() === Token.name && reader.symbol(1) === Sign.colon) {
    designators.push(reader.name('field_identifier', 'designator'));
    reader.skip();
  } else {
    for (;;) {
      const from = reader.start;
      if (reader.take(Sign.dot)) {
        const field = reader.name('field_identifier');
        designators.push(filling('designator', reader.node('field_designator', from, [field])));
      } else if (reader.take(Sign.openBracket)) {
        const index = readAssignment(reader);
        const last = reader.take(Sign.ellipsis) ? [readAssignment(reader)] : [];
        reader.expect(Sign.closeBracket);
        const type = last.length > 0 ? 'subscript_range_designator' : 'subscript_designator';
        designators.push(filling('designator', reader.node(type, from, [index, ...last])));
      } else break;
    }
    if (designators.length === 0) return readInitializer(reader);
    reader.expect(Sign.assign);
  }
  const value = filling('value', readInitializer(reader));
  return reader.node('initializer_pair', start, [...designators, value]);
}
