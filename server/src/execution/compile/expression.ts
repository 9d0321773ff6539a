/**
 * Compiles expressions: one function per kind, most of them in the files beside this one. `hint` is the type that the
 * context wants of a value that nothing declares (a field of an unknown struct), and decides nothing else.
 */
import type { Expression } from '../../syntax/ast.ts';
import { load } from '../access.ts';
import { integerOf } from '../arithmetic.ts';
import { char, commonType, literalType } from '../basic-types.ts';
import type { Code } from '../code.ts';
import { cast, truthOf } from '../conversion.ts';
import { type CType, int, unknownType } from '../ctype.ts';
import { expressionText } from '../expression-text.ts';
import type { Run } from '../machine.ts';
import { type Location, wholeOf } from '../place.ts';
import type { Value } from '../value.ts';
import { compileAssignment, compileUpdate } from './assignment.ts';
import { compileCall } from './call.ts';
import { compileTest, decide } from './condition.ts';
import { castStruct } from './container.ts';
import { compileInitializer, completeType, indexOf } from './initializer.ts';
import { compileAddressOf, compileDereference, compileIndex, compileMember } from './lvalue.ts';
import { compileName } from './name.ts';
import { compileBinary, compileUnary, decayed } from './operators.ts';
import type { Scope } from './scope.ts';
import { compileStatementExpression } from './statement-expression.ts';

/** Deeper nesting is not understood; the lowering bounds it too. */
const deepest = 400;
/** Macros of macros can spell more than anybody can read. */
const largest = 200_000;

export function compileExpression(expression: Expression, scope: Scope, hint?: CType): Code {
  const { context } = scope;
  if (context.depth > deepest) return opaque('an expression that is nested too deeply');
  if (context.size++ > largest) return opaque('a function that its macros make too large');
  context.depth++;
  const code = compile(expression, scope, hint);
  context.depth--;
  return code;
}

/** The expression as a value: of an lvalue, what lies there. */
export function valueOfLvalue(type: CType, locate: (run: Run) => Location, hint: CType | undefined): Code {
  return { type, locate, evaluate: (run) => load(run, locate(run), hint) };
}

export function opaque(why: string): Code {
  const value: Value = { kind: 'opaque', why };
  return { type: unknownType, evaluate: () => value, constant: value };
}

export function constantCode(type: CType, value: Value): Code {
  return { type, evaluate: () => value, constant: value };
}

/** The type that a type name stands for here, `typeof(x)` included. */
export function resolveType(name: Parameters<Scope['context']['compiled']['types']['resolve']>[0], scope: Scope): CType {
  return scope.context.compiled.types.resolve(name, (expression) => compileExpression(expression, scope).type);
}

function compile(expression: Expression, scope: Scope, hint: CType | undefined): Code {
  switch (expression.kind) {
    case 'number': {
      const type = literalType(expression.value, expression.suffix, expression.base, scope.context.compiled.types.model);
      return constantCode(type, integerOf(type, expression.value));
    }
    case 'character':
      return constantCode(int, integerOf(int, expression.value));
    case 'string':
      return compileString(expression);
    case 'name':
      return compileName(expression, scope, hint);
    case 'unary':
      return compileUnary(expression, scope);
    case 'dereference':
      return compileDereference(expression, scope, hint);
    case 'addressOf':
      return compileAddressOf(expression, scope);
    case 'update':
      return compileUpdate(expression, scope);
    case 'binary':
      return compileBinary(expression, scope);
    case 'conditional':
      return compileConditional(expression, scope, hint);
    case 'assignment':
      return compileAssignment(expression, scope);
    case 'call':
      return compileCall(expression, scope, hint);
    case 'member':
      return compileMember(expression, scope, hint);
    case 'index':
      return compileIndex(expression, scope, hint);
    case 'cast':
      return compileCast(expression, scope);
    case 'sizeofType':
      return compileSizeof(resolveType(expression.type, scope), scope);
    case 'sizeofExpression':
      return compileSizeofExpression(expression, scope);
    case 'compoundLiteral':
      return compileCompoundLiteral(expression, scope);
    case 'comma': {
      const left = compileExpression(expression.left, scope);
      const right = compileExpression(expression.right, scope, hint);
      const evaluate = (run: Run) => {
        left.evaluate(run);
        return right.evaluate(run);
      };
      return { type: decayed(right.type), evaluate };
    }
    case 'statementExpression':
      return compileStatementExpression(expression.body, scope);
    case 'typeArgument':
      return { ...opaque('a type'), type: resolveType(expression.type, scope) };
    case 'unknown':
      return opaque(expression.text);
  }
}

function compileString(expression: Extract<Expression, { kind: 'string' }>): Code {
  const { value } = expression;
  const type: CType = { kind: 'array', of: char, length: value.length + 1 };
  const locate = (run: Run): Location => {
    const known = run.lasting.get(expression);
    if (known) return known;
    const object = { ...run.allocate(JSON.stringify(value), type, { kind: 'literal' }), text: value };
    const location = wholeOf(object);
    run.lasting.set(expression, location);
    return location;
  };
  return valueOfLvalue(type, locate, undefined);
}

function compileConditional(expression: Extract<Expression, { kind: 'conditional' }>, scope: Scope, hint: CType | undefined): Code {
  const otherwise = compileExpression(expression.otherwise, scope, hint);
  const then = compileExpression(expression.then ?? expression.test, scope, hint);
  const type = conditionalType(decayed(then.type), decayed(otherwise.type));
  const finish = (run: Run, value: Value) => (type.kind === 'integer' && value.kind === 'integer' ? run.convert(value, type) : value);
  const { span } = expression.test;
  if (!expression.then) {
    const evaluate = (run: Run) => {
      const value = then.evaluate(run);
      return finish(run, decide(run, truthOf(run, value), span) ? value : otherwise.evaluate(run));
    };
    return { type, evaluate };
  }
  const test = compileTest(expression.test, scope);
  return { type, evaluate: (run) => finish(run, test(run) ? then.evaluate(run) : otherwise.evaluate(run)) };
}

function conditionalType(then: CType, otherwise: CType): CType {
  if (then.kind === 'integer' && otherwise.kind === 'integer') return commonType(then, otherwise);
  if (then.kind === 'unknown' || otherwise.kind === 'unknown')
    return then.kind === 'pointer' ? then : otherwise.kind === 'pointer' ? otherwise : unknownType;
  if (then.kind === 'pointer' && then.to.kind !== 'void') return then;
  return otherwise.kind === 'pointer' ? otherwise : then;
}

function compileCast(expression: Extract<Expression, { kind: 'cast' }>, scope: Scope): Code {
  const type = resolveType(expression.type, scope);
  const operand = compileExpression(expression.operand, scope, type.kind === 'void' ? undefined : type);
  if (operand.constant?.kind === 'integer' && type.kind === 'integer')
    return constantCode(type, integerOf(type, constantNumber(operand.constant)));
  if (type.kind === 'pointer' && type.to.kind === 'struct') {
    const { to } = type;
    return { type, evaluate: (run) => castStruct(run, operand.evaluate(run), to) };
  }
  return { type, evaluate: (run) => cast(run, operand.evaluate(run), type) };
}

function constantNumber(value: Extract<Value, { kind: 'integer' }>): bigint {
  return value.term.kind === 'constant' ? value.term.value : 0n;
}

function compileSizeof(type: CType, scope: Scope, text?: string): Code {
  const { types } = scope.context.compiled;
  const size = types.sizeOf(type);
  const sizeType = { ...types.model.unsignedLong, name: 'size_t' };
  if (size !== undefined) return constantCode(sizeType, integerOf(sizeType, BigInt(size)));
  if (type.kind === 'unknown' && text !== undefined)
    return { type: sizeType, evaluate: (run) => run.unknownNumber(`sizeof(${text})`, sizeType) };
  return { type: sizeType, evaluate: (run) => ({ kind: 'integer', type: sizeType, term: run.sizeOf(type) }) };
}

function compileSizeofExpression(expression: Extract<Expression, { kind: 'sizeofExpression' }>, scope: Scope): Code {
  const { operand } = expression;
  const type = (operand.kind === 'index' ? arrayOfType(operand, scope) : undefined) ?? compileExpression(operand, scope).type;
  return compileSizeof(type, scope, expressionText(operand));
}

/** `u32[2]`, which macros like `_IOR` get: to C, no number has elements. */
function arrayOfType({ object, index }: Extract<Expression, { kind: 'index' }>, scope: Scope): CType | undefined {
  const written = compileExpression(object, scope).type;
  const isWord = object.kind === 'name' && written.kind === 'unknown';
  const of = isWord ? scope.context.compiled.types.resolve({ kind: 'named', name: object.name }) : written;
  const length = of.kind === 'integer' || of.kind === 'struct' ? indexOf(index, scope) : undefined;
  return length === undefined ? undefined : { kind: 'array', of, length };
}

function compileCompoundLiteral(expression: Extract<Expression, { kind: 'compoundLiteral' }>, scope: Scope): Code {
  const type = completeType(resolveType(expression.type, scope), expression.initializer, scope);
  const fill = compileInitializer(type, expression.initializer, scope);
  const { name } = scope.context;
  const locate = (run: Run) => {
    const location = wholeOf(run.allocate('(literal)', type, { kind: 'local', function: name }));
    fill(run, location);
    return location;
  };
  return valueOfLvalue(type, locate, undefined);
}
