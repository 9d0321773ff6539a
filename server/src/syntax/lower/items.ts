/** What one node at file level declares: functions (without their bodies), prototypes, variables, types. */
import type {
  Expression,
  FileItems,
  FileMacroCall,
  FunctionHeader,
  GlobalVariable,
  Span,
  SyntaxProblem,
  TypeDefinition,
  TypeName,
} from '../ast.ts';
import { type Concrete, childOf, childrenOf } from '../concrete.ts';
import { type Lowering, report, spanOf, textOf } from './context.ts';
import { lowerDeclarators } from './declarations.ts';
import { declaredType } from './macro-declarations.ts';
import { declaringMacros } from './macro-tables.ts';
import { emptyQueue } from './queue-types.ts';
import { lowerDeclarator, lowerSpecifiers, typeOfText } from './types.ts';

/** The part of `FileItems` that comes from the tree. */
export interface TreeItems {
  readonly functions: FunctionHeader[];
  readonly prototypes: FileItems['prototypes'][number][];
  readonly variables: GlobalVariable[];
  readonly types: TypeDefinition[];
  readonly problems: SyntaxProblem[];
}

/** Nothing yet; the problems are those of `lowering`. */
export function newItems({ problems }: Lowering): TreeItems {
  return { functions: [], prototypes: [], variables: [], types: [], problems };
}

/** Adds what one node of the file level declares to `items`; the bodies of functions are not looked into. */
export function lowerItem(lowering: Lowering, node: Concrete, items: TreeItems): void {
  switch (node.type) {
    case 'function_definition': {
      const header = lowerHeader(lowering, node);
      if (header) items.functions.push(header);
      break;
    }
    case 'declaration':
      lowerGlobal(lowering, node, items);
      break;
    case 'type_definition':
      lowerTypedef(lowering, node, items);
      break;
    case 'struct_specifier':
    case 'union_specifier':
    case 'enum_specifier':
      collectTypes(lowerSpecifiers(lowering, { ...node, children: [{ ...node, field: 'type' }] }).type, spanOf(lowering, node), items);
      break;
    case 'ERROR':
      report(lowering, node, 'This part of the file is not understood.');
      break;
    default:
  }
}

/** The header of a function definition; `undefined` when it has no name or no body. */
export function lowerHeader(lowering: Lowering, node: Concrete): FunctionHeader | undefined {
  const declarator = childOf(node, 'declarator');
  const body = childOf(node, 'body');
  const specifiers = lowerSpecifiers(lowering, node);
  const { name, nameSpan, type } = lowerDeclarator(lowering, declarator, specifiers.type);
  if (!declarator || !body || name === undefined || nameSpan === undefined) return undefined;
  const made = lowering.marks.macroFunctions.get(nameSpan.start - lowering.shift);
  const signature = type.kind === 'function' ? type : { returns: type, parameters: [], variadic: false };
  return {
    name: made?.name ?? name,
    nameSpan: made ? spanOf(lowering, made.nameSpan) : nameSpan,
    returns: made ? { kind: 'named', name: 'int' } : signature.returns,
    parameters: signature.parameters,
    variadic: signature.variadic,
    isStatic: specifiers.isStatic,
    span: spanOf(lowering, node),
    bodySpan: spanOf(lowering, body),
  };
}

function lowerGlobal(lowering: Lowering, node: Concrete, items: TreeItems): void {
  const { type, isStatic, isExtern } = lowerSpecifiers(lowering, node);
  const span = spanOf(lowering, node);
  collectTypes(type, span, items);
  for (const declarator of lowerDeclarators(lowering, node)) {
    const { name, nameSpan, initializer } = declarator;
    if (declarator.type.kind === 'function' && !initializer) {
      items.prototypes.push({ name, returns: declarator.type.returns, parameters: declarator.type.parameters, span });
    } else {
      const variable: GlobalVariable = { name, nameSpan, type: withoutBody(declarator.type), isStatic, isExtern, span };
      items.variables.push(initializer ? { ...variable, initializer } : variable);
    }
  }
}

function lowerTypedef(lowering: Lowering, node: Concrete, items: TreeItems): void {
  const { type } = lowerSpecifiers(lowering, node);
  const span = spanOf(lowering, node);
  collectTypes(type, span, items);
  for (const declarator of childrenOf(node, 'declarator')) {
    const declared = lowerDeclarator(lowering, declarator, type);
    const name = declared.name ?? textOf(lowering, declarator);
    const keepsBody = declared.type.kind === 'tagged' && declared.type.name === '';
    items.types.push({ kind: 'typedef', name, type: keepsBody ? declared.type : withoutBody(declared.type), span });
  }
}

/** Lists the structs, unions and enums that a type defines on the spot, inner ones too. */
function collectTypes(type: TypeName, span: TypeDefinition['span'], items: TreeItems): void {
  if (type.kind === 'pointer') collectTypes(type.to, span, items);
  else if (type.kind === 'array') collectTypes(type.of, span, items);
  if (type.kind !== 'tagged' || !type.body) return;
  if (type.name !== '' || type.tag === 'enum') items.types.push({ kind: type.tag, name: type.name, type, span });
  if (type.body.kind !== 'fields') return;
  for (const field of type.body.fields) collectTypes(field.type, field.span, items);
}

/** A named struct is listed once with its body; what is declared with it refers to it by name. */
function withoutBody(type: TypeName): TypeName {
  switch (type.kind) {
    case 'tagged':
      return type.body && type.name !== '' ? { kind: 'tagged', tag: type.tag, name: type.name } : type;
    case 'pointer':
      return { ...type, to: withoutBody(type.to) };
    case 'array':
      return { ...type, of: withoutBody(type.of) };
    default:
      return type;
  }
}

/** The variable that a macro call at file level declares, such as `DEFINE_MUTEX(lock)`. */
export function variableOfCall(source: string, call: FileMacroCall): GlobalVariable | undefined {
  const declaring = declaringMacros.get(call.name);
  const name = declaring && call.arguments[declaring.nameAt];
  if (!declaring || name === undefined || !/^[A-Za-z_]\w*$/.test(name)) return undefined;
  const text = source.slice(call.span.start, call.span.end);
  const start = call.span.start + text.indexOf(name, text.indexOf('('));
  const nameSpan = { start, end: start + name.length };
  const variable = { name, nameSpan, isStatic: /^\s*static\b/.test(text), isExtern: false, span: call.span };
  const [, second] = call.arguments;
  if (declaring.type === 'queue' && second !== undefined) {
    const element = typeOfText(second);
    const length = wordOrNumber(call.arguments[2], call.span);
    const type = declaredType(declaring.type, { element, length }, call.span);
    return { ...variable, type, ...(length ? { initializer: emptyQueue(name, element, length, call.span) } : {}) };
  }
  const bits = declaring.type === 'hashtable' ? wordOrNumber(second, call.span) : undefined;
  return { ...variable, type: declaredType(declaring.type, { bits }, call.span) };
}

/** An argument of one word or number. */
function wordOrNumber(text: string | undefined, span: Span): Expression | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return { kind: 'number', value: BigInt(text), suffix: '', base: 10, span };
  return /^[A-Za-z_]\w*$/.test(text) ? { kind: 'name', name: text, span } : undefined;
}
