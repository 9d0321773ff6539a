/** Visits every expression and statement of a lowered tree, outer before inner, in the order of the text. */
import type { Block, Expression, Initializer, Statement, TypeName } from './ast.ts';

export interface Visitor {
  expression?(expression: Expression): void;
  statement?(statement: Statement): void;
}

export function walkBlock(block: Block, visitor: Visitor): void {
  for (const statement of block.statements) walkStatement(statement, visitor);
}

export function walkStatement(statement: Statement, visitor: Visitor): void {
  visitor.statement?.(statement);
  const inner = (each: Statement | undefined) => each && walkStatement(each, visitor);
  const value = (each: Expression | undefined) => each && walkExpression(each, visitor);
  switch (statement.kind) {
    case 'block':
      for (const each of statement.statements) walkStatement(each, visitor);
      return;
    case 'expression':
      value(statement.expression);
      return;
    case 'declaration':
      for (const declarator of statement.declarators) {
        walkType(declarator.type, visitor);
        if (declarator.initializer) walkInitializer(declarator.initializer, visitor);
      }
      return;
    case 'if':
      value(statement.test);
      inner(statement.then);
      inner(statement.otherwise);
      return;
    case 'while':
      value(statement.test);
      inner(statement.body);
      return;
    case 'doWhile':
      inner(statement.body);
      value(statement.test);
      return;
    case 'for':
      inner(statement.init);
      value(statement.test);
      value(statement.step);
      inner(statement.body);
      return;
    case 'iterator':
      statement.arguments.forEach(value);
      inner(statement.body);
      return;
    case 'guard':
      statement.arguments.forEach(value);
      inner(statement.body);
      return;
    case 'switch':
      value(statement.value);
      inner(statement.body);
      return;
    case 'case':
      value(statement.value);
      value(statement.last);
      return;
    case 'return':
      value(statement.value);
      return;
    case 'default':
    case 'label':
    case 'goto':
    case 'break':
    case 'continue':
    case 'empty':
    case 'unknown':
      return;
  }
}

export function walkExpression(expression: Expression, visitor: Visitor): void {
  visitor.expression?.(expression);
  switch (expression.kind) {
    case 'unary':
    case 'dereference':
    case 'addressOf':
    case 'update':
    case 'sizeofExpression':
      return walkExpression(expression.operand, visitor);
    case 'cast':
      walkType(expression.type, visitor);
      return walkExpression(expression.operand, visitor);
    case 'binary':
    case 'comma':
      walkExpression(expression.left, visitor);
      return walkExpression(expression.right, visitor);
    case 'conditional':
      walkExpression(expression.test, visitor);
      if (expression.then) walkExpression(expression.then, visitor);
      return walkExpression(expression.otherwise, visitor);
    case 'assignment':
      walkExpression(expression.target, visitor);
      return walkExpression(expression.value, visitor);
    case 'call':
      walkExpression(expression.callee, visitor);
      for (const argument of expression.arguments) walkExpression(argument, visitor);
      return;
    case 'member':
      return walkExpression(expression.object, visitor);
    case 'index':
      walkExpression(expression.object, visitor);
      return walkExpression(expression.index, visitor);
    case 'compoundLiteral':
      return walkInitializer(expression.initializer, visitor);
    case 'statementExpression':
      return walkBlock(expression.body, visitor);
    case 'sizeofType':
    case 'typeArgument':
      return walkType(expression.type, visitor);
    case 'number':
    case 'character':
    case 'string':
    case 'name':
    case 'unknown':
      return;
  }
}

export function walkInitializer(initializer: Initializer, visitor: Visitor): void {
  if (initializer.kind === 'expression') return walkExpression(initializer.expression, visitor);
  for (const entry of initializer.entries) walkInitializer(entry.value, visitor);
}

/** Array lengths and `typeof` hold expressions too. */
function walkType(type: TypeName, visitor: Visitor): void {
  if (type.kind === 'array') {
    if (type.length) walkExpression(type.length, visitor);
    walkType(type.of, visitor);
  } else if (type.kind === 'pointer') walkType(type.to, visitor);
  else if (type.kind === 'typeof') walkExpression(type.of, visitor);
}
