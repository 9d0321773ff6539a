/**
 * The driver as a program that can be run: definitions by name, in the shape that `execution/program.ts` asks for. Both
 * worlds run drivers through it.
 */
import type { Expression, FunctionDefinition, GlobalVariable, MacroMeaning, TypeDefinition, TypeName } from '../syntax/ast.ts';
import type { Driver } from './model.ts';

/** Satisfies the executor's `Program`. */
export interface DriverProgram {
  readonly longBits: 32 | 64;
  function(name: string): { readonly definition: () => FunctionDefinition | undefined; readonly file: string } | undefined;
  type(tag: 'struct' | 'union' | 'enum', name: string): TypeDefinition | undefined;
  typedef(name: string): TypeName | undefined;
  enumerator(name: string): { readonly base?: Expression; readonly plus: bigint } | undefined;
  macro(name: string): { readonly parameters?: readonly string[]; readonly meaning: MacroMeaning } | undefined;
  variable(name: string): (GlobalVariable & { readonly file: string }) | undefined;
}

/** The program that `driver` is; functions are lowered when they are first called. */
export function programOf(driver: Driver): DriverProgram {
  return {
    longBits: driver.target.longBits,
    function: (name) => {
      const header = driver.functions.get(name);
      return header && { definition: () => driver.body(name), file: header.file };
    },
    type: (tag, name) => {
      const definition = driver.types.get(name);
      return definition?.kind === tag ? definition : undefined;
    },
    typedef: (name) => driver.typedefs.get(name),
    enumerator: (name) => driver.enumeratorSteps.get(name),
    macro: (name) => {
      const definition = driver.macros.get(name);
      const meaning = definition && driver.macro(name);
      if (!definition || !meaning) return undefined;
      return definition.parameters ? { parameters: definition.parameters, meaning } : { meaning };
    },
    variable: (name) => driver.variables.get(name),
  };
}
