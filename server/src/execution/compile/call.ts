/**
 * Calls: functions of the program are entered, its macros expanded, forms of the dialect (`container_of`, `offsetof`)
 * compiled in place; every other call goes to the world.
 */
import type { Expression, Span } from '../../syntax/ast.ts';
import type { Code, FunctionCode } from '../code.ts';
import { type CType, unknownType, voidType } from '../ctype.ts';
import { expressionText } from '../expression-text.ts';
import type { Run } from '../machine.ts';
import { constantOf } from '../term.ts';
import type { Place, Value } from '../value.ts';
import type { ExternalCall } from '../world.ts';
import { compileContainerOf, compileOffsetof } from './container.ts';
import { compileExpression, constantCode } from './expression.ts';
import { expandCall } from './macro.ts';
import type { Scope } from './scope.ts';
import { compileStatementExpression } from './statement-expression.ts';

type Call = Extract<Expression, { kind: 'call' }>;

export function compileCall(expression: Call, scope: Scope, hint: CType | undefined): Code {
  const { callee } = expression;
  if (callee.kind !== 'name' || scope.lookUp(callee.name)) return compileIndirect(expression, scope, hint);
  const { name } = callee;
  const { compiled, expanding } = scope.context;
  const expanded = expandCall(name, expression.arguments, expression.span, scope);
  if (expanded) {
    expanding.add(name);
    const code =
      expanded.kind === 'expression'
        ? compileExpression(expanded.expression, scope, hint)
        : compileStatementExpression(expanded.body, scope);
    expanding.delete(name);
    return code;
  }
  if (compiled.program.function(name)) return compileDirect(expression, name, scope, hint);
  if (compiled.dialect.containerOf.has(name)) return compileContainerOf(expression.arguments, scope);
  if (name === 'offsetof' || name === '__builtin_offsetof') return compileOffsetof(expression.arguments, scope);
  if (name === '__builtin_constant_p')
    return constantCode(compiled.types.model.long, {
      kind: 'integer',
      type: compiled.types.model.long,
      term: { kind: 'constant', value: 0n },
    });
  const [operand, ...others] = expression.arguments;
  if (operand && compiled.types.isTypeName(name)) {
    // `(size_t)(x)` looks like a call to a grammar that does not know the type.
    const { span } = expression;
    const value = others.reduce((left, right): Expression => ({ kind: 'comma', left, right, span }), operand);
    return compileExpression({ kind: 'cast', type: { kind: 'named', name }, operand: value, span }, scope, hint);
  }
  const code = compiled.program.macro(name) ? undefined : compiled.global(name);
  if (code) return compileIndirect(expression, scope, hint);
  return compileExternal(expression, name, scope, hint);
}

/** A function that the program defines. */
function compileDirect(expression: Call, name: string, scope: Scope, hint: CType | undefined): Code {
  const { compiled } = scope.context;
  const definition = compiled.program.function(name)?.definition();
  if (!definition) return compileExternal(expression, name, scope, hint);
  const returns = compiled.types.resolve(definition.returns);
  const parameters = definition.parameters.map((parameter) => compiled.types.resolve(parameter.type));
  const args = expression.arguments.map((argument, index) => compileExpression(argument, scope, parameters[index]));
  const { span } = expression;
  let code: FunctionCode | undefined;
  const evaluate = (run: Run): Value => {
    const values = args.map((argument) => argument.evaluate(run));
    run.step(span);
    code ??= compiled.function(name);
    return code ? run.enter(code, values) : run.stop({ kind: 'notUnderstood', what: `the function ${name}` });
  };
  return { type: returns, evaluate };
}

/** A call that leaves the program. */
function compileExternal(expression: Call, name: string, scope: Scope, hint: CType | undefined): Code {
  const { sizesOfMember, memberArguments, setArguments, pointerArguments } = scope.context.compiled.dialect;
  const pointer = Object.hasOwn(pointerArguments, name) ? pointerArguments[name] : undefined;
  const to: CType = pointer?.struct === undefined ? voidType : { kind: 'struct', tag: 'struct', name: pointer.struct };
  const member = Object.hasOwn(memberArguments, name) ? memberArguments[name] : undefined;
  const set = Object.hasOwn(setArguments, name) ? setArguments[name] : undefined;
  const args =
    (sizesOfMember.has(name) ? memberOperands(expression.arguments, scope) : undefined) ??
    expression.arguments.map((argument, index) => {
      const code = compileExpression(argument, scope, index === pointer?.index ? { kind: 'pointer', to } : undefined);
      return index === member ? typeAlone(code) : index === set ? unread(code) : code;
    });
  const leave = leaving(expression, args, hint);
  return { type: unknownType, evaluate: (run) => leave(run, name) };
}

/** `struct_size(pointer, member, count)`: the pointer may lead nowhere yet, and `member` is no variable. */
function memberOperands([pointer, member, count]: readonly Expression[], scope: Scope): readonly Code[] | undefined {
  if (!pointer || member?.kind !== 'name' || !count) return undefined;
  const { span } = member;
  const access: Expression = { kind: 'member', object: pointer, field: member.name, arrow: true, fieldSpan: span, span };
  return [typeAlone(compileExpression(pointer, scope)), typeAlone(compileExpression(access, scope)), compileExpression(count, scope)];
}

/** An operand that is not evaluated. */
function typeAlone({ type }: Code): Code {
  return { type, evaluate: () => ({ kind: 'opaque', why: 'an operand that only tells a type' }) };
}

/** A variable that the call sets. */
function unread(code: Code): Code {
  return { ...code, evaluate: () => ({ kind: 'opaque', why: 'a variable that is being set' }) };
}

/** A call through a pointer: a function of the program, or something that the world knows by the pointer's name. */
function compileIndirect(expression: Call, scope: Scope, hint: CType | undefined): Code {
  const { callee, span } = expression;
  const target = callee.kind === 'dereference' ? callee.operand : callee;
  const pointer = compileExpression(target, scope, { kind: 'pointer', to: { kind: 'function', returns: unknownType, parameters: [] } });
  const { compiled } = scope.context;
  const text = expressionText(target);
  const type = returnTypeOf(pointer.type);
  const args = expression.arguments.map((argument) => compileExpression(argument, scope));
  const leave = leaving(expression, args, type.kind === 'unknown' ? hint : type);
  const evaluate = (run: Run): Value => {
    const value = pointer.evaluate(run);
    run.span = span;
    if (value.kind === 'function') {
      const code = compiled.function(value.name);
      if (!code) return leave(run, value.name);
      const values = args.map((argument) => argument.evaluate(run));
      run.step(span);
      return run.enter(code, values);
    }
    if (value.kind === 'address' && constantOf(value.term) === 0n) {
      return run.stop({ kind: 'fault', message: `\`${text}\` is NULL, and is called.` });
    }
    return leave(run, text);
  };
  return { type, evaluate };
}

function returnTypeOf(type: CType): CType {
  if (type.kind === 'function') return type.returns;
  return type.kind === 'pointer' && type.to.kind === 'function' ? type.to.returns : unknownType;
}

/** Evaluates the arguments and asks the world. */
function leaving(expression: Call, codes: readonly Code[], expected: CType | undefined): (run: Run, name: string) => Value {
  const types = codes.map((code) => code.type);
  const { span, callee, arguments: expressions } = expression;
  const nameSpan = spanOfName(callee);
  return (run, name) => {
    const values = codes.map((code) => code.evaluate(run));
    run.step(span);
    const call: ExternalCall = {
      name,
      arguments: values,
      expressions,
      span,
      nameSpan,
      file: run.file,
      expected: expected ?? unknownType,
      types,
      place: (index) => placeOf(run, codes[index]),
      again: (index) => codes[index]?.evaluate(run),
    };
    const value = run.world.call(run, call);
    return expected && expected.kind !== 'unknown' && expected !== voidType && value.kind !== 'void' ? run.convert(value, expected) : value;
  };
}

function placeOf(run: Run, code: Code | undefined): Place | undefined {
  return code?.locate?.(run);
}

function spanOfName(callee: Expression): Span {
  return callee.kind === 'member' ? callee.fieldSpan : callee.span;
}

/** A call that no text spells: what a guard or a cleanup does. */
export function callByName(
  run: Run,
  name: string,
  args: readonly { readonly value: Value; readonly expression: Expression }[],
  span: Span,
): Value {
  const code = run.compiled.function(name);
  const values = args.map(({ value }) => value);
  run.step(span);
  if (code) return run.enter(code, values);
  const types = values.map((): CType => unknownType);
  const expressions = args.map(({ expression }) => expression);
  const { file } = run;
  return run.world.call(run, {
    name,
    arguments: values,
    expressions,
    span,
    nameSpan: span,
    file,
    expected: voidType,
    types,
    place: () => undefined,
  });
}
