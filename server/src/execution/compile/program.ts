/** Compiles functions and globals of a program on their first use, and keeps them as long as the program. */
import type { FunctionDefinition } from '../../syntax/ast.ts';
import { store } from '../access.ts';
import type { Compiled, FunctionCode, GlobalCode } from '../code.ts';
import { rangeOf } from '../key.ts';
import type { Run } from '../machine.ts';
import { zeroOf } from '../memory.ts';
import { type Location, wholeOf } from '../place.ts';
import type { Dialect, Program } from '../program.ts';
import { constantOf } from '../term.ts';
import { TypeTable } from '../type-table.ts';
import type { Value } from '../value.ts';
import { compileBlock } from './block.ts';
import { compileMentioned, completeType } from './initializer.ts';
import { createLocal, newContext, Scope } from './scope.ts';

const kept = new WeakMap<Program, CompiledProgram>();

/** The program's code; the same object for the same program and dialect. */
export function compileProgram(program: Program, dialect: Dialect): Compiled {
  const known = kept.get(program);
  if (known?.dialect === dialect) return known;
  const compiled = new CompiledProgram(program, dialect);
  kept.set(program, compiled);
  return compiled;
}

class CompiledProgram implements Compiled {
  readonly program: Program;
  readonly dialect: Dialect;
  readonly types: TypeTable;
  readonly #functions = new Map<string, FunctionCode | undefined>();
  readonly #globals = new Map<string, GlobalCode | undefined>();

  constructor(program: Program, dialect: Dialect) {
    this.program = program;
    this.dialect = dialect;
    this.types = new TypeTable(program, dialect);
  }

  function(name: string): FunctionCode | undefined {
    if (this.#functions.has(name)) return this.#functions.get(name);
    const found = this.program.function(name);
    const definition = found?.definition();
    const code = found && definition ? compileFunction(this, definition, found.file) : undefined;
    this.#functions.set(name, code);
    return code;
  }

  global(name: string): GlobalCode | undefined {
    if (this.#globals.has(name)) return this.#globals.get(name);
    const code = this.#compileGlobal(name);
    this.#globals.set(name, code);
    return code;
  }

  #compileGlobal(name: string): GlobalCode | undefined {
    const variable = this.program.variable(name);
    if (!variable) return undefined;
    const scope = new Scope(newContext(this, '', variable.file));
    const { initializer } = variable;
    const type = completeType(this.types.resolve(variable.type), initializer, scope);
    let fills: ReturnType<typeof compileMentioned> | undefined;
    const locate = (run: Run): Location => {
      const known = run.lasting.get(variable);
      if (known) return known;
      const location = wholeOf(run.allocate(name, type, { kind: 'global' }));
      run.lasting.set(variable, location);
      fills ??= initializer ? compileMentioned(type, initializer, scope) : [];
      initialise(run, location, fills);
      return location;
    };
    return { type, locate };
  }
}

/**
 * Gives a global its initial value. What the initialiser leaves out, or sets to 0, says little about the state in which
 * the function that runs finds it: the world is asked for it, except for the elements of tables.
 */
function initialise(run: Run, location: Location, fills: ReturnType<typeof compileMentioned>): void {
  if (fills.length === 0) return;
  const { span } = run;
  const { object, type } = location;
  if (type.kind === 'array') store(run, location, zeroOf(type), span);
  for (const fill of fills) fill(run, location);
  run.span = span;
  if (type.kind === 'array') return;
  for (const [key, value] of object.cells) if (isUnset(value)) object.cells.delete(key);
  object.marks = [{ ...rangeOf('', undefined), holds: 'static' }];
}

/** 0 or NULL, but no function pointer: a callback that is spelled NULL stays so. */
function isUnset(value: Value): boolean {
  if (value.kind === 'address' && value.pointee.kind === 'function') return false;
  return (value.kind === 'integer' || value.kind === 'address') && constantOf(value.term) === 0n;
}

function compileFunction(compiled: Compiled, definition: FunctionDefinition, file: string): FunctionCode {
  const { types } = compiled;
  const returns = types.resolve(definition.returns);
  const context = newContext(compiled, definition.name, file, returns);
  const scope = new Scope(context);
  const parameters = definition.parameters.map((parameter) => {
    const type = types.resolve(parameter.type);
    const passed = type.kind === 'array' ? ({ kind: 'pointer', to: type.of } as const) : type;
    return scope.declare(parameter.name ?? '', passed);
  });
  const body = compileBlock(definition.body, scope, scope);
  const call = (run: Run, args: readonly Value[]): Value => {
    for (const [index, parameter] of parameters.entries()) {
      const location = createLocal(run, parameter, definition.name);
      const value = args[index];
      if (value) bind(run, location, value);
    }
    run.returned = { kind: 'void' };
    body.run(run);
    return returns.kind === 'void' ? { kind: 'void' } : run.convert(run.returned, returns);
  };
  return { name: definition.name, file, returns, call };
}

/** An argument becomes the parameter's first value; no write that the program spells. */
function bind(run: Run, location: Location, value: Value): void {
  const converted = run.convert(value, location.type);
  if (converted.kind === 'aggregate') store(run, location, converted, run.span);
  else location.object.cells.set('', converted);
}
