/** Plain declarations: specifiers, structs and enums, declarators and parameters. The nodes are those of the grammar. */
import { readAssignment, readInitializer } from './expressions.ts';
import { filling, type Growing, type PlainReader, Sign } from './reader.ts';
import { Token } from './words.ts';

const storageOrQualifier: ReadonlySet<number> = new Set([Token.storage, Token.qualifier]);
const tags: ReadonlyMap<number, string> = new Map([
  [Token.struct, 'struct_specifier'],
  [Token.union, 'union_specifier'],
]);

/** Whether a token can only begin a type. */
export function beginsType(symbol: number): boolean {
  return (
    symbol === Token.primitive ||
    symbol === Token.sized ||
    symbol === Token.enum ||
    symbol === Token.qualifier ||
    symbol === Token.storage ||
    tags.has(symbol)
  );
}

/** A declaration with its semicolon; a struct or an enum alone is its own node. */
export function readDeclaration(reader: PlainReader): Growing {
  const { start } = reader;
  const children = readSpecifiers(reader);
  const [only] = children;
  if (only && children.length === 1 && reader.take(Sign.semicolon)) return isTagged(only) ? only : reader.fail();
  readDeclarators(reader, children);
  reader.expect(Sign.semicolon);
  return reader.node('declaration', start, children);
}

/** A declaration at file level, or a function with nothing between its braces. */
export function readFileItem(reader: PlainReader): Growing {
  const { start } = reader;
  const children = readSpecifiers(reader);
  const [only] = children;
  if (only && children.length === 1 && reader.take(Sign.semicolon)) return isTagged(only) ? only : reader.fail();
  const declarator = filling('declarator', readDeclarator(reader));
  if (reader.symbol() !== Sign.openBrace) {
    readFurtherDeclarators(reader, children, declarator);
    reader.expect(Sign.semicolon);
    return reader.node('declaration', start, children);
  }
  const brace = reader.start;
  reader.skip();
  reader.expect(Sign.closeBrace);
  children.push(declarator, filling('body', reader.node('compound_statement', brace, [])));
  return reader.node('function_definition', start, children);
}

/** Of a function, what stands before its body. */
export function readFunctionHead(reader: PlainReader): Growing[] {
  const children = readSpecifiers(reader);
  children.push(filling('declarator', readDeclarator(reader)));
  return children;
}

export function readTypedef(reader: PlainReader): Growing {
  const { start } = reader;
  reader.expect(Token.typedef);
  const children = readSpecifiers(reader);
  do children.push(filling('declarator', readDeclarator(reader)));
  while (reader.take(Sign.comma));
  reader.expect(Sign.semicolon);
  return reader.node('type_definition', start, children);
}

function isTagged(node: Growing): boolean {
  return node.type === 'struct_specifier' || node.type === 'union_specifier' || node.type === 'enum_specifier';
}

function readDeclarators(reader: PlainReader, children: Growing[]): void {
  readFurtherDeclarators(reader, children, filling('declarator', readDeclarator(reader)));
}

/** The initialiser of the declarator that was read, and the declarators behind it. */
function readFurtherDeclarators(reader: PlainReader, children: Growing[], first: Growing): void {
  let declarator = first;
  for (;;) {
    if (reader.take(Sign.assign)) {
      const value = filling('value', readInitializer(reader));
      children.push(filling('declarator', reader.node('init_declarator', declarator.start, [declarator, value])));
    } else children.push(declarator);
    if (!reader.take(Sign.comma)) return;
    declarator = filling('declarator', readDeclarator(reader));
  }
}

/** Storage words and the one type; qualifiers say nothing to the lowering. */
function readSpecifiers(reader: PlainReader): Growing[] {
  const children: Growing[] = [];
  const storage = (): void => {
    for (let symbol = reader.symbol(); storageOrQualifier.has(symbol); symbol = reader.symbol()) {
      if (symbol === Token.storage) children.push(reader.leaf('storage_class_specifier'));
      else reader.skip();
    }
  };
  storage();
  children.push(filling('type', readTypeSpecifier(reader)));
  storage();
  return children;
}

function readTypeSpecifier(reader: PlainReader): Growing {
  const symbol = reader.symbol();
  if (symbol === Token.name) return reader.leaf('type_identifier');
  if (symbol === Token.enum) return readEnum(reader);
  const tag = tags.get(symbol);
  if (tag !== undefined) return readStruct(reader, tag);
  const { start } = reader;
  let sized = 0;
  let primitive = 0;
  for (let next = symbol; next === Token.sized || next === Token.primitive; next = reader.symbol()) {
    if (next === Token.sized) sized++;
    else primitive++;
    reader.skip();
    if (reader.symbol() === Token.qualifier && reader.symbol(1) === Token.sized) reader.skip();
  }
  if (sized + primitive === 0 || primitive > 1) return reader.fail();
  return reader.node(sized > 0 ? 'sized_type_specifier' : 'primitive_type', start, []);
}

function readTag(reader: PlainReader): Growing[] {
  reader.skip();
  return reader.symbol() === Token.name ? [reader.leaf('type_identifier', 'name')] : [];
}

function readStruct(reader: PlainReader, type: string): Growing {
  const { start } = reader;
  const children = readTag(reader);
  if (reader.symbol() === Sign.openBrace) children.push(filling('body', reader.deeper(readFields)));
  else if (children.length === 0) return reader.fail();
  return reader.node(type, start, children);
}

function readFields(reader: PlainReader): Growing {
  const { start } = reader;
  const fields: Growing[] = [];
  reader.skip();
  while (!reader.take(Sign.closeBrace) && !reader.failed) fields.push(readField(reader));
  return reader.node('field_declaration_list', start, fields);
}

function readField(reader: PlainReader): Growing {
  const { start } = reader;
  const children = readSpecifiers(reader);
  if (reader.symbol() !== Sign.semicolon) {
    do {
      children.push(filling('declarator', readDeclarator(reader)));
      if (reader.symbol() !== Sign.colon) continue;
      const colon = reader.start;
      reader.skip();
      const bits = readAssignment(reader);
      children.push(reader.node('bitfield_clause', colon, [bits]));
    } while (reader.take(Sign.comma));
  }
  reader.expect(Sign.semicolon);
  return reader.node('field_declaration', start, children);
}

function readEnum(reader: PlainReader): Growing {
  const { start } = reader;
  const children = readTag(reader);
  if (reader.symbol() === Sign.openBrace) children.push(filling('body', readEnumerators(reader)));
  else if (children.length === 0) return reader.fail();
  return reader.node('enum_specifier', start, children);
}

function readEnumerators(reader: PlainReader): Growing {
  const { start } = reader;
  const enumerators: Growing[] = [];
  reader.skip();
  while (!reader.take(Sign.closeBrace) && !reader.failed) {
    const name = reader.name('identifier', 'name');
    const children = reader.take(Sign.assign) ? [name, filling('value', readAssignment(reader))] : [name];
    enumerators.push(reader.node('enumerator', name.start, children));
    if (reader.symbol() !== Sign.closeBrace) reader.expect(Sign.comma);
  }
  return reader.node('enumerator_list', start, enumerators);
}

/** A declarator that names something. */
function readDeclarator(reader: PlainReader): Growing {
  return reader.deeper(readDeclaratorHere);
}

function readDeclaratorHere(reader: PlainReader): Growing {
  const { start } = reader;
  if (reader.take(Sign.star)) {
    while (reader.take(Token.qualifier));
    const inner = filling('declarator', readDeclarator(reader));
    return reader.node('pointer_declarator', start, [inner]);
  }
  // A macro may stand for all of the words before: then the type itself is the name, to the grammar too.
  if (reader.symbol() === Token.primitive) return readSuffixes(reader, start, reader.leaf('primitive_type'));
  if (!reader.take(Sign.openParenthesis)) return readSuffixes(reader, start, reader.name());
  const inner = readDeclarator(reader);
  reader.expect(Sign.closeParenthesis);
  return readSuffixes(reader, start, reader.node('parenthesized_declarator', start, [inner]));
}

/** The brackets and parameters behind a declarator. */
function readSuffixes(reader: PlainReader, start: number, inner: Growing | undefined): Growing {
  const prefix = inner ? '' : 'abstract_';
  let declarator = inner;
  for (;;) {
    const children: Growing[] = declarator ? [filling('declarator', declarator)] : [];
    if (reader.take(Sign.openBracket)) {
      while (storageOrQualifier.has(reader.symbol())) reader.skip();
      if (reader.symbol() !== Sign.closeBracket) children.push(filling('size', readAssignment(reader)));
      reader.expect(Sign.closeBracket);
      declarator = reader.node(`${prefix}array_declarator`, start, children);
    } else if (reader.symbol() === Sign.openParenthesis) {
      children.push(filling('parameters', reader.deeper(readParameters)));
      declarator = reader.node(`${prefix}function_declarator`, start, children);
    } else return declarator ?? reader.fail();
  }
}

function readParameters(reader: PlainReader): Growing {
  const { start } = reader;
  const parameters: Growing[] = [];
  reader.expect(Sign.openParenthesis);
  if (!reader.take(Sign.closeParenthesis)) {
    do parameters.push(readParameter(reader));
    while (reader.take(Sign.comma));
    reader.expect(Sign.closeParenthesis);
  }
  return reader.node('parameter_list', start, parameters);
}

function readParameter(reader: PlainReader): Growing {
  if (reader.symbol() === Sign.ellipsis) return reader.leaf('variadic_parameter');
  const { start } = reader;
  const children = readSpecifiers(reader);
  const symbol = reader.symbol();
  if (symbol !== Sign.comma && symbol !== Sign.closeParenthesis) {
    const declarator = reader.deeper(readAnyDeclarator);
    children.push(filling('declarator', declarator));
  }
  return reader.node('parameter_declaration', start, children);
}

/** A declarator with a name or without. */
function readAnyDeclarator(reader: PlainReader): Growing {
  const { start } = reader;
  if (reader.take(Sign.star)) {
    while (reader.take(Token.qualifier));
    const symbol = reader.symbol();
    const ends = symbol === Sign.comma || symbol === Sign.closeParenthesis;
    const children = ends ? [] : [filling('declarator', reader.deeper(readAnyDeclarator))];
    return reader.node('pointer_declarator', start, children);
  }
  if (reader.symbol() === Token.name) return readSuffixes(reader, start, reader.name());
  if (reader.symbol() === Sign.openBracket) return readSuffixes(reader, start, undefined);
  if (reader.symbol() !== Sign.openParenthesis) return reader.fail();
  const following = reader.symbol(1);
  if (following !== Sign.star && following !== Token.name) return readSuffixes(reader, start, undefined);
  reader.skip();
  const inner = reader.deeper(readAnyDeclarator);
  reader.expect(Sign.closeParenthesis);
  return readSuffixes(reader, start, reader.node('parenthesized_declarator', start, [inner]));
}

/** A type in parentheses or as an operand of `sizeof`: `struct page *`, `int (*)(void)`. */
export function readTypeDescriptor(reader: PlainReader): Growing {
  const { start } = reader;
  const children = readSpecifiers(reader);
  if (reader.symbol() !== Sign.closeParenthesis) children.push(filling('declarator', reader.deeper(readAnyDeclarator)));
  return reader.node('type_descriptor', start, children);
}
