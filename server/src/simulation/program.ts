/**
 * The driver as a program for the executor, with the library of the kernel behind it and room for functions that the simulation writes
 * itself: an expression of one function, to be evaluated away from it.
 */
import type { Driver } from '../driver/model.ts';
import { programOf } from '../driver/program.ts';
import type { Program, ProgramFunction } from '../execution/program.ts';
import { kernelConstant } from '../kernel/constants.ts';
import type { FunctionDefinition, TypeDefinition } from '../syntax/ast.ts';
import { kernelLibrary } from './library/library.ts';

export interface SimulatedProgram extends Program {
  /** Adds a function that stands nowhere in the driver; its spans are those of `file`. One name has one definition. */
  write(definition: FunctionDefinition, file: string): void;
}

const programs = new WeakMap<Driver, SimulatedProgram>();

/** The program of a driver: one for all its runs, so that what was compiled is kept. */
export function simulatedProgram(driver: Driver): SimulatedProgram {
  let program = programs.get(driver);
  if (!program) {
    program = withWrittenFunctions({ ...programOf(driver), constant: (name) => kernelConstant(name, driver.target.version) });
    programs.set(driver, program);
  }
  return program;
}

function withWrittenFunctions(program: Program): SimulatedProgram {
  const written = new Map<string, ProgramFunction>();
  return {
    ...program,
    function: (name) => written.get(name) ?? program.function(name) ?? kernelLibrary().function(name),
    type: (tag, name) => {
      const own = program.type(tag, name);
      // Who only mentions a type leaves it to the kernel.
      return own && isComplete(own) ? own : (kernelLibrary().type(tag, name) ?? own);
    },
    macro: (name) => program.macro(name) ?? kernelLibrary().macro(name),
    write: (definition, file) => {
      if (!written.has(definition.name)) written.set(definition.name, { definition: () => definition, file });
    },
  };
}

function isComplete({ type }: TypeDefinition): boolean {
  return type.kind === 'tagged' && type.body !== undefined;
}
