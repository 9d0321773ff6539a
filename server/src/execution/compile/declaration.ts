/** Declarations of local variables: a new object each time the declaration is passed, one for ever for a static one. */
import type { Declarator, Statement } from '../../syntax/ast.ts';
import { load } from '../access.ts';
import type { StatementCode } from '../code.ts';
import type { CType } from '../ctype.ts';
import type { Run } from '../machine.ts';
import { clear } from '../memory.ts';
import { type Location, wholeOf } from '../place.ts';
import { callByName } from './call.ts';
import { resolveType } from './expression.ts';
import { compileInitializer, completeType, type Fill } from './initializer.ts';
import { createLocal, type Scope } from './scope.ts';

export function compileDeclaration(statement: Extract<Statement, { kind: 'declaration' }>, scope: Scope): StatementCode {
  const declare = statement.declarators.map((declarator) => compileDeclarator(declarator, statement.isStatic, scope));
  const { span } = statement;
  return {
    run: (run) => {
      run.step(span);
      for (const each of declare) each(run);
      return undefined;
    },
  };
}

function compileDeclarator(declarator: Declarator, isStatic: boolean, scope: Scope): (run: Run) => void {
  const type = completeType(resolveType(declarator.type, scope), declarator.initializer, scope);
  if (isStatic) {
    declareStatic(declarator, type, scope);
    return () => {};
  }
  // A prototype inside a function declares no variable.
  if (type.kind === 'function') return () => {};
  const variable = scope.declare(declarator.name, type);
  const fill = declarator.initializer && compileInitializer(type, declarator.initializer, scope);
  const undo = declarator.cleanup === undefined ? undefined : compileCleanup(declarator, declarator.cleanup);
  const { name: owner } = scope.context;
  const { slot } = variable;
  return (run) => {
    // The initialiser may mean a variable of the same name outside, or this one's address.
    run.locals[slot] = undefined;
    const location = createLocal(run, variable, owner);
    fill?.(run, location);
    if (undo) run.cleanups.push((each) => undo(each, location));
  };
}

function compileCleanup(declarator: Declarator, cleanup: string): (run: Run, location: Location) => void {
  const expression = { kind: 'name', name: declarator.name, span: declarator.nameSpan } as const;
  return (run, location) => {
    callByName(run, cleanup, [{ value: load(run, location, undefined), expression }], declarator.span);
  };
}

function declareStatic(declarator: Declarator, type: CType, scope: Scope): void {
  let fill: Fill | undefined;
  const locate = (run: Run): Location => {
    const known = run.lasting.get(declarator);
    if (known) return known;
    const location = wholeOf(run.allocate(declarator.name, type, { kind: 'global' }));
    run.lasting.set(declarator, location);
    if (fill) fill(run, location);
    else clear(location);
    return location;
  };
  scope.declareStatic(declarator.name, type, locate);
  fill = declarator.initializer && compileInitializer(type, declarator.initializer, scope);
}
