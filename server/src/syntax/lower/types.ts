/** Types: specifiers, declarators and parameters to `TypeName`. */
import type { Enumerator, Expression, Field, Parameter, Span, TypeBody, TypeName } from '../ast.ts';
import { type Concrete, childOf, childrenOf, namedChildren } from '../concrete.ts';
import { isAttributeWord, qualifierWords } from '../mask/words.ts';
import { type Lowering, spanOf, textOf } from './context.ts';
import { lowerExpression } from './expressions.ts';
import { readNumber } from './literals.ts';
import { declaredType } from './macro-declarations.ts';
import { declaringMacros } from './macro-tables.ts';

export interface Specifiers {
  readonly type: TypeName;
  readonly isStatic: boolean;
  readonly isExtern: boolean;
}

export interface NamedType {
  readonly name?: string;
  readonly nameSpan?: Span;
  readonly type: TypeName;
}

const unsized: TypeName = { kind: 'named', name: 'int' };

/** The type and the storage words of a declaration, a field, a parameter, a typedef or a type descriptor. */
export function lowerSpecifiers(lowering: Lowering, node: Concrete): Specifiers {
  const specifier = childOf(node, 'type');
  const storage = node.children.filter((child) => child.type === 'storage_class_specifier').map((child) => textOf(lowering, child));
  return {
    type: specifier ? lowerSpecifier(lowering, specifier) : unsized,
    isStatic: storage.includes('static'),
    isExtern: storage.includes('extern'),
  };
}

function lowerSpecifier(lowering: Lowering, node: Concrete): TypeName {
  switch (node.type) {
    case 'primitive_type':
    case 'identifier':
    case 'type_identifier':
      return lowerTypeWord(lowering, node);
    case 'sized_type_specifier':
      return { kind: 'named', name: canonicalWords(textOf(lowering, node)) };
    case 'struct_specifier':
    case 'union_specifier':
    case 'enum_specifier':
      return lowerTagged(lowering, node);
    default:
      return { kind: 'unknown', text: textOf(lowering, node) };
  }
}

/** A word that stands for a type: a typedef, or the mask's stand-in for `typeof(…)`, a type argument or a member macro. */
export function lowerTypeWord(lowering: Lowering, node: Concrete): TypeName {
  const { marks } = lowering;
  const inside = marks.typeofs.get(node.start);
  if (inside) return lowerTypeof(lowering, inside);
  const argument = marks.typeArguments.get(node.start);
  if (argument) return readTypeText(lowering, argument);
  const member = marks.memberMacros.get(node.start);
  if (member) return memberMacroType(lowering, member);
  const word = textOf(lowering, node);
  return { kind: 'named', name: canonicalWords(word) };
}

function lowerTypeof(lowering: Lowering, inside: Span): TypeName {
  const text = textOf(lowering, inside);
  if (looksLikeType(text)) return readTypeText(lowering, inside);
  const parsed = lowering.parseExpression(inside);
  return parsed ? { kind: 'typeof', of: lowerExpression(parsed.lowering, parsed.node) } : { kind: 'unknown', text };
}

function looksLikeType(text: string): boolean {
  return (
    /^\s*(struct|union|enum|unsigned|signed|const|volatile|void|char|short|int|long|[us](8|16|32|64))\b/.test(text) ||
    /\w\s*\*+\s*$/.test(text)
  );
}

function memberMacroType(lowering: Lowering, call: Span): TypeName {
  const text = textOf(lowering, call);
  const macro = declaringMacros.get(/^\w+/.exec(text)?.[0] ?? '');
  if (macro) {
    const [, second, third] = argumentSpans(text, call.start);
    if (macro.type === 'queue') {
      const of = second && readTypeText(lowering, second);
      return declaredType(macro.type, { ...(of ? { element: of } : {}), length: third && expressionAt(lowering, third) }, call);
    }
    const isTable = macro.type === 'bitmap' || macro.type === 'hashtable';
    return declaredType(macro.type, { bits: isTable && second ? expressionAt(lowering, second) : undefined }, call);
  }
  const flexible = /^_*DECLARE_FLEX_ARRAY\s*\(/.exec(text);
  if (!flexible) return { kind: 'unknown', text };
  const start = call.start + flexible[0].length;
  return { kind: 'array', of: readTypeText(lowering, { start, end: start + Math.max(0, text.indexOf(',') - flexible[0].length) }) };
}

function expressionAt(lowering: Lowering, span: Span): Expression | undefined {
  const parsed = lowering.parseExpression(span);
  return parsed && lowerExpression(parsed.lowering, parsed.node);
}

/** Where the arguments of a macro call stand; `start` is where its text begins. */
function argumentSpans(text: string, start: number): readonly Span[] {
  const spans: Span[] = [];
  let depth = 0;
  let begin = text.indexOf('(') + 1;
  for (let at = begin; at < text.length; at++) {
    const character = text[at];
    if (depth === 0 && (character === ',' || character === ')')) {
      spans.push({ start: start + begin, end: start + at });
      begin = at + 1;
    }
    if (character === '(') depth++;
    if (character === ')') depth--;
  }
  return spans;
}

/** Reads a type from the source text alone: words, then stars and array brackets. Function types are `unknown`. */
export function readTypeText(lowering: Lowering, span: Span): TypeName {
  return typeOfText(textOf(lowering, span));
}

/** The type that a text of words, stars and brackets names. */
export function typeOfText(text: string): TypeName {
  const unknown: TypeName = { kind: 'unknown', text };
  const words: string[] = [];
  let type: TypeName | undefined;
  for (const [token] of text.replace(/\/\*[\s\S]*?\*\//g, ' ').matchAll(/\w+|\[[^\]]*\]|[^\s\w]/g)) {
    if (/^\w/.test(token)) {
      if (isAttributeWord(token) || qualifierWords.has(token)) continue;
      if (type) return unknown;
      words.push(token);
    } else if (token === '*' || token.startsWith('[')) {
      type ??= typeOfWords(words);
      type = token === '*' ? { kind: 'pointer', to: type } : arrayOfText(type, token.slice(1, -1).trim());
    } else {
      return unknown;
    }
  }
  return type ?? (words.length > 0 ? typeOfWords(words) : unknown);
}

/** An array whose length is a number or one name. */
function arrayOfText(of: TypeName, length: string): TypeName {
  const span = { start: 0, end: length.length };
  const number = readNumber(length);
  if (number && !number.negative) {
    const { value, suffix, base } = number;
    return { kind: 'array', of, length: { kind: 'number', span, value, suffix, base } };
  }
  return /^[A-Za-z_]\w*$/.test(length) ? { kind: 'array', of, length: { kind: 'name', span, name: length } } : { kind: 'array', of };
}

function typeOfWords(words: readonly string[]): TypeName {
  const [first = '', second] = words;
  const isTag = first === 'struct' || first === 'union' || first === 'enum';
  return isTag && second !== undefined
    ? { kind: 'tagged', tag: first, name: second }
    : { kind: 'named', name: canonicalWords(words.join(' ')) };
}

/** `long unsigned int` is `unsigned long`; `signed` is `int`; other words stay. */
function canonicalWords(text: string): string {
  const words = text.split(/\s+/).filter((word) => word !== '' && !/^(const|volatile|restrict|__extension__)$/.test(word));
  if (words.length === 1 && !/^(unsigned|signed|__signed__|_Bool)$/.test(words[0] ?? '')) return words[0] ?? '';
  if (words[0] === '_Bool') return 'bool';
  const known = /^(unsigned|signed|__signed__|__signed|char|short|int|long|double|float)$/;
  if (!words.every((word) => known.test(word))) return words.filter((word) => !/^(signed|__signed__)$/.test(word)).join(' ');
  const sign = words.includes('unsigned') ? 'unsigned ' : '';
  const longs = words.filter((word) => word === 'long').length;
  if (words.includes('double')) return longs > 0 ? 'long double' : 'double';
  if (words.includes('char')) return words.some((word) => word.includes('signed') && word !== 'unsigned') ? 'signed char' : `${sign}char`;
  if (words.includes('short')) return `${sign}short`;
  if (longs > 0) return `${sign}${longs > 1 ? 'long long' : 'long'}`;
  return `${sign}int`;
}

function lowerTagged(lowering: Lowering, node: Concrete): TypeName {
  const tag = node.type === 'struct_specifier' ? 'struct' : node.type === 'union_specifier' ? 'union' : 'enum';
  const nameNode = childOf(node, 'name');
  const name = nameNode ? textOf(lowering, nameNode) : '';
  const bodyNode = childOf(node, 'body');
  if (!bodyNode) return { kind: 'tagged', tag, name };
  const body: TypeBody =
    tag === 'enum'
      ? { kind: 'enumerators', enumerators: lowerEnumerators(lowering, bodyNode) }
      : { kind: 'fields', fields: lowerFields(lowering, bodyNode) };
  return { kind: 'tagged', tag, name, body };
}

function lowerEnumerators(lowering: Lowering, body: Concrete): readonly Enumerator[] {
  return body.children.flatMap((child) => {
    if (child.type !== 'enumerator') return [];
    const name = childOf(child, 'name');
    const value = childOf(child, 'value');
    const base = { name: name ? textOf(lowering, name) : '', span: spanOf(lowering, child) };
    return [value ? { ...base, value: lowerExpression(lowering, value) } : base];
  });
}

function lowerFields(lowering: Lowering, body: Concrete): readonly Field[] {
  const fields: Field[] = [];
  for (const child of body.children) {
    if (child.type !== 'field_declaration') continue;
    const { type } = lowerSpecifiers(lowering, child);
    const declarators = childrenOf(child, 'declarator');
    if (declarators.length === 0) fields.push({ name: '', type, span: spanOf(lowering, child) });
    for (const declarator of declarators) {
      const declared = lowerDeclarator(lowering, declarator, type);
      const bits = bitsBehind(child, declarator);
      const field: Field = { name: declared.name ?? '', type: declared.type, span: spanOf(lowering, declarator) };
      fields.push(bits ? { ...field, bits: lowerExpression(lowering, bits) } : field);
    }
  }
  return fields;
}

function bitsBehind(field: Concrete, declarator: Concrete): Concrete | undefined {
  const following = field.children[field.children.indexOf(declarator) + 1];
  return following?.type === 'bitfield_clause' ? namedChildren(following)[0] : undefined;
}

/** Wraps `base` as the declarator says, and finds the name in it. Abstract declarators have none. */
export function lowerDeclarator(lowering: Lowering, node: Concrete | undefined, base: TypeName): NamedType {
  if (!node) return { type: base };
  const inner = childOf(node, 'declarator') ?? namedChildren(node).find((child) => child.type.endsWith('declarator'));
  switch (node.type) {
    case 'identifier':
    case 'field_identifier':
    case 'type_identifier':
    case 'primitive_type':
      return node.missing ? { type: base } : { name: textOf(lowering, node), nameSpan: spanOf(lowering, node), type: base };
    case 'pointer_declarator':
    case 'abstract_pointer_declarator':
      return lowerDeclarator(lowering, inner, { kind: 'pointer', to: base });
    case 'array_declarator':
    case 'abstract_array_declarator': {
      const size = childOf(node, 'size');
      const array: TypeName = size ? { kind: 'array', of: base, length: lowerExpression(lowering, size) } : { kind: 'array', of: base };
      return lowerDeclarator(lowering, inner, array);
    }
    case 'function_declarator':
    case 'abstract_function_declarator': {
      const { parameters, variadic } = lowerParameters(lowering, childOf(node, 'parameters'));
      return lowerDeclarator(lowering, inner, { kind: 'function', returns: base, parameters, variadic });
    }
    case 'parenthesized_declarator':
    case 'abstract_parenthesized_declarator':
    case 'attributed_declarator':
      return lowerDeclarator(lowering, inner ?? namedChildren(node)[0], base);
    default:
      return { type: { kind: 'unknown', text: textOf(lowering, node) } };
  }
}

export interface Parameters {
  readonly parameters: readonly Parameter[];
  readonly variadic: boolean;
}

function lowerParameters(lowering: Lowering, list: Concrete | undefined): Parameters {
  const parameters: Parameter[] = [];
  let variadic = false;
  for (const child of list?.children ?? []) {
    const span = spanOf(lowering, child);
    if (child.type === 'variadic_parameter') {
      variadic = true;
    } else if (child.type === 'identifier') {
      parameters.push({ name: textOf(lowering, child), type: unsized, span });
    } else if (child.type === 'parameter_declaration') {
      const { name, type } = lowerDeclarator(lowering, childOf(child, 'declarator'), lowerSpecifiers(lowering, child).type);
      if (name === undefined && type.kind === 'named' && type.name === 'void') continue;
      parameters.push(name === undefined ? { type, span } : { name, type, span });
    }
  }
  return { parameters, variadic };
}

/** `struct page *` in a cast, a `sizeof` or a compound literal. */
export function lowerTypeDescriptor(lowering: Lowering, node: Concrete): TypeName {
  return lowerDeclarator(lowering, childOf(node, 'declarator'), lowerSpecifiers(lowering, node).type).type;
}
