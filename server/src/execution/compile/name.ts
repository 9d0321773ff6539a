/** Names: a local variable, a macro, an enumerator, a global, a function, else a constant or an unknown of the outside. */
import type { Span } from '../../syntax/ast.ts';
import { load } from '../access.ts';
import { integerOf } from '../arithmetic.ts';
import { sameInteger } from '../basic-types.ts';
import type { Code } from '../code.ts';
import { constantExpression } from '../constant-expression.ts';
import { type CType, int, unknownType } from '../ctype.ts';
import type { Run } from '../machine.ts';
import { wholeOf } from '../place.ts';
import { constant } from '../term.ts';
import type { Value } from '../value.ts';
import { compileExpression, constantCode, valueOfLvalue } from './expression.ts';
import { expandObjectMacro } from './macro.ts';
import { createLocal, type Scope, type Variable } from './scope.ts';

type Name = { readonly kind: 'name'; readonly name: string; readonly span: Span };

export function compileName(expression: Name, scope: Scope, hint: CType | undefined): Code {
  const { name } = expression;
  const variable = scope.lookUp(name);
  if (variable) return compileVariable(variable, scope, hint);
  const { compiled } = scope.context;
  const expanded = expandObjectMacro(expression, scope);
  if (expanded) {
    scope.context.expanding.add(name);
    const code = compileExpression(expanded, scope, hint);
    scope.context.expanding.delete(name);
    return code;
  }
  if (compiled.program.enumerator(name)) {
    const value = constantExpression(expression, compiled.program, compiled.types);
    if (value !== undefined) {
      const type = value >= -(1n << 31n) && value < 1n << 31n ? int : compiled.types.model.long;
      return constantCode(type, integerOf(type, value));
    }
  }
  const global = compiled.global(name);
  if (global) return valueOfLvalue(global.type, global.locate, hint);
  if (compiled.program.function(name)) return functionCode(name);
  return compileOutsider(name, hint);
}

/** A function as a value. */
function functionCode(name: string): Code {
  const value: Value = { kind: 'function', name };
  const type: CType = { kind: 'function', returns: unknownType, parameters: [] };
  return { type, evaluate: () => value, locate: (run: Run) => wholeOf(run.functionObject(name)), constant: value };
}

function compileVariable(variable: Variable, scope: Scope, hint: CType | undefined): Code {
  if (variable.locate) return valueOfLvalue(variable.type, variable.locate, hint);
  const { slot, type } = variable;
  const { name: owner } = scope.context;
  const locate = (run: Run) => run.locals[slot] ?? createLocal(run, variable, owner);
  if (type.kind !== 'integer') return valueOfLvalue(type, locate, hint);
  // Most of what runs is this.
  const evaluate = (run: Run): Value => {
    const location = locate(run);
    const value = location.object.cells.get('');
    return value?.kind === 'integer' && sameInteger(value.type, type) ? value : load(run, location, hint);
  };
  return { type, locate, evaluate };
}

/** A name of the outside: the world may know it as a constant; else it is a variable that nobody in sight defines. */
function compileOutsider(name: string, hint: CType | undefined): Code {
  const locate = (run: Run) => wholeOf(run.assumed(name, unknownType));
  const evaluate = (run: Run): Value => {
    const known = run.world.constant(name);
    if (!known) return load(run, locate(run), hint);
    const { type, value } = known;
    if (type.kind === 'pointer') return { kind: 'address', term: constant(value), pointee: type.to };
    return integerOf(type.kind === 'integer' ? type : run.types.model.long, value);
  };
  return { type: unknownType, locate, evaluate };
}
