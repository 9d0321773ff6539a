/**
 * Statements and local declarations. Labels and cases become statements of their own in a flat list; what the mask
 * hid (iterators, guards, case ranges) gets its own kind back.
 */
import type { Block, Declarator, Expression, Statement } from '../ast.ts';
import { type Concrete, childOf, namedChildren, tooDeep } from '../concrete.ts';
import { type Lowering, report, spanOf, textOf } from './context.ts';
import { lowerDeclarators } from './declarations.ts';
import { lowerArguments, lowerExpression } from './expressions.ts';
import { declaredByMacro } from './macro-declarations.ts';

export function lowerBlock(lowering: Lowering, node: Concrete): Block {
  const statements: Statement[] = [];
  for (const child of namedChildren(node)) lowerInto(lowering, child, statements);
  const open = node.children.find(({ type, missing }) => missing && type === '}');
  if (open) report(lowering, open, 'This block is not closed.');
  return { kind: 'block', statements, span: spanOf(lowering, node) };
}

/** One statement; a label or a case brings what it labels along in a block. */
function lowerStatement(lowering: Lowering, node: Concrete | undefined): Statement {
  if (!node) return { kind: 'empty', span: { start: lowering.shift, end: lowering.shift } };
  const statements: Statement[] = [];
  lowerInto(lowering, node, statements);
  const [only] = statements;
  if (only && statements.length === 1) return only;
  return { kind: 'block', statements, span: spanOf(lowering, node) };
}

function lowerInto(lowering: Lowering, node: Concrete, into: Statement[]): void {
  const span = spanOf(lowering, node);
  for (const child of node.children) {
    if (child.type === 'ERROR' && node.type !== 'compound_statement')
      report(lowering, child, 'This part of the statement is not understood.');
  }
  switch (node.type) {
    case 'labeled_statement': {
      const label = childOf(node, 'label');
      if (label) into.push({ kind: 'label', name: textOf(lowering, label), span: spanOf(lowering, label) });
      for (const child of namedChildren(node)) if (child !== label) lowerInto(lowering, child, into);
      return;
    }
    case 'case_statement': {
      const value = childOf(node, 'value');
      into.push(lowerCase(lowering, node, value));
      for (const child of namedChildren(node)) if (child !== value) lowerInto(lowering, child, into);
      return;
    }
    case 'attributed_statement':
      for (const child of namedChildren(node)) if (child.type !== 'attribute_declaration') lowerInto(lowering, child, into);
      return;
    case 'compound_statement':
      into.push(lowerBlock(lowering, node));
      return;
    case 'expression_statement':
      into.push(lowerExpressionStatement(lowering, node));
      return;
    case 'declaration':
      into.push({ kind: 'declaration', declarators: lowerDeclarators(lowering, node), isStatic: isStatic(lowering, node), span });
      return;
    case 'type_definition':
    case 'struct_specifier':
    case 'union_specifier':
    case 'enum_specifier':
      into.push({ kind: 'empty', span });
      return;
    case 'ERROR':
    case tooDeep:
      report(lowering, node, 'This statement is not understood.');
      into.push({ kind: 'unknown', text: textOf(lowering, node), span });
      return;
    default:
      into.push(lowerControl(lowering, node));
  }
}

function isStatic(lowering: Lowering, node: Concrete): boolean {
  return node.children.some((child) => child.type === 'storage_class_specifier' && textOf(lowering, child) === 'static');
}

function lowerControl(lowering: Lowering, node: Concrete): Statement {
  const span = spanOf(lowering, node);
  const expression = (field: string): Expression => lowerExpression(lowering, childOf(node, field));
  const statement = (field: string): Statement => lowerStatement(lowering, childOf(node, field));
  switch (node.type) {
    case 'if_statement': {
      if (lowering.marks.iterators.has(node.start)) return lowerIterator(lowering, node, childOf(node, 'consequence'));
      const base = { kind: 'if', test: expression('condition'), then: statement('consequence'), span } as const;
      const otherwise = childOf(node, 'alternative');
      return otherwise ? { ...base, otherwise: lowerStatement(lowering, namedChildren(otherwise)[0]) } : base;
    }
    case 'while_statement':
      if (lowering.marks.iterators.has(node.start)) return lowerIterator(lowering, node, childOf(node, 'body'));
      return { kind: 'while', test: expression('condition'), body: statement('body'), span };
    case 'do_statement':
      if (lowering.marks.iterators.has(node.start)) return lowerIterator(lowering, node, childOf(node, 'body'));
      return { kind: 'doWhile', test: expression('condition'), body: statement('body'), span };
    case 'for_statement':
      return lowerFor(lowering, node);
    case 'switch_statement':
      return { kind: 'switch', value: expression('condition'), body: statement('body'), span };
    case 'return_statement': {
      const [value] = namedChildren(node);
      return value ? { kind: 'return', value: lowerExpression(lowering, value), span } : { kind: 'return', span };
    }
    case 'goto_statement': {
      const label = childOf(node, 'label');
      return { kind: 'goto', label: label ? textOf(lowering, label) : '', span };
    }
    case 'break_statement':
      return { kind: 'break', span };
    case 'continue_statement':
      return { kind: 'continue', span };
    default:
      report(lowering, node, 'This statement is not understood.');
      return { kind: 'unknown', text: textOf(lowering, node), span };
  }
}

function lowerFor(lowering: Lowering, node: Concrete): Statement {
  const span = spanOf(lowering, node);
  const initializer = childOf(node, 'initializer');
  const condition = childOf(node, 'condition');
  const update = childOf(node, 'update');
  let init: Statement | undefined;
  if (initializer?.type === 'declaration') init = lowerStatement(lowering, initializer);
  else if (initializer)
    init = { kind: 'expression', expression: lowerExpression(lowering, initializer), span: spanOf(lowering, initializer) };
  return {
    kind: 'for',
    ...(init && { init }),
    ...(condition && { test: lowerExpression(lowering, condition) }),
    ...(update && { step: lowerExpression(lowering, update) }),
    body: lowerStatement(lowering, childOf(node, 'body')),
    span,
  };
}

function lowerCase(lowering: Lowering, node: Concrete, value: Concrete | undefined): Statement {
  const colon = node.children.find((child) => child.type === ':');
  const span = spanOf(lowering, { start: node.start, end: colon?.end ?? node.end });
  if (!value) return { kind: 'default', span };
  if (lowering.marks.caseRanges.has(node.start) && value.type === 'binary_expression') {
    const first = lowerExpression(lowering, childOf(value, 'left'));
    return { kind: 'case', value: first, last: lowerExpression(lowering, childOf(value, 'right')), span };
  }
  return { kind: 'case', value: lowerExpression(lowering, value), span };
}

/** `while (…)` or `if (…)` that stands for a macro with a body. */
function lowerIterator(lowering: Lowering, node: Concrete, body: Concrete | undefined): Statement {
  const span = spanOf(lowering, node);
  const condition = childOf(node, 'condition');
  const macro = lowering.marks.iterators.get(node.start) ?? '';
  const given = condition ? separated(lowering, condition) : [];
  const inner = lowerStatement(lowering, body);
  if (!/^scoped_(cond_)?guard$/.test(macro)) return { kind: 'iterator', macro, arguments: given, body: inner, span };
  const [first, ...rest] = given;
  return { kind: 'guard', class: first?.kind === 'name' ? first.name : '', arguments: rest, body: inner, span };
}

/** The arguments that stand as one comma expression in parentheses; none when the source has none. */
function separated(lowering: Lowering, condition: Concrete): readonly Expression[] {
  const text = textOf(lowering, condition);
  if (!text.startsWith('(') || /^\(\s*\)$/.test(text)) return [];
  const found: Expression[] = [];
  let rest = namedChildren(condition)[0];
  while (rest?.type === 'comma_expression') {
    found.push(lowerExpression(lowering, childOf(rest, 'left')));
    rest = childOf(rest, 'right');
  }
  if (rest) found.push(lowerExpression(lowering, rest));
  return found;
}

function lowerExpressionStatement(lowering: Lowering, node: Concrete): Statement {
  const span = spanOf(lowering, node);
  const inner = namedChildren(node)[0];
  if (!inner) return { kind: 'empty', span };
  if (inner.type === 'ERROR') {
    report(lowering, inner, 'This statement is not understood.');
    return { kind: 'unknown', text: textOf(lowering, node), span };
  }
  if (inner.type === 'identifier' && textOf(lowering, inner) === 'fallthrough') return { kind: 'empty', span };
  if (inner.type === 'call_expression') return lowerMacroStatement(lowering, inner, span) ?? plain(lowering, inner, span);
  return plain(lowering, inner, span);
}

function plain(lowering: Lowering, node: Concrete, span: Statement['span']): Statement {
  return { kind: 'expression', expression: lowerExpression(lowering, node), span };
}

/** Calls that mean more than a call: `guard(class)(lock)`, `CLASS(class, name)(…)`, and macros that declare a variable. */
function lowerMacroStatement(lowering: Lowering, call: Concrete, span: Statement['span']): Statement | undefined {
  const callee = childOf(call, 'function');
  const list = childOf(call, 'arguments');
  if (!callee || !list) return undefined;
  if (callee.type === 'identifier') {
    const declarator = declaredByMacro(textOf(lowering, callee), lowerArguments(lowering, list), spanOf(lowering, call));
    return declarator && { kind: 'declaration', declarators: [declarator], isStatic: false, span };
  }
  const inner = callee.type === 'call_expression' ? childOf(callee, 'function') : undefined;
  const innerList = callee.type === 'call_expression' ? childOf(callee, 'arguments') : undefined;
  if (inner?.type !== 'identifier' || !innerList) return undefined;
  const [kind, name] = lowerArguments(lowering, innerList);
  const className = kind?.kind === 'name' ? kind.name : '';
  if (textOf(lowering, inner) === 'guard') return { kind: 'guard', class: className, arguments: lowerArguments(lowering, list), span };
  if (textOf(lowering, inner) !== 'CLASS' || name?.kind !== 'name') return undefined;
  return { kind: 'declaration', declarators: [classDeclarator(lowering, className, name, list, span)], isStatic: false, span };
}

/** `CLASS(fd, f)(number)` declares `f` from the constructor of the class. */
function classDeclarator(
  lowering: Lowering,
  className: string,
  name: Expression & { readonly kind: 'name' },
  list: Concrete,
  span: Statement['span'],
): Declarator {
  const callee: Expression = { kind: 'name', name: `class_${className}_constructor`, span: name.span };
  const expression: Expression = { kind: 'call', callee, arguments: lowerArguments(lowering, list), span };
  return {
    name: name.name,
    nameSpan: name.span,
    type: { kind: 'named', name: `class_${className}_t` },
    initializer: { kind: 'expression', expression, span },
    cleanup: `class_${className}_destructor`,
    span,
  };
}
