/** What the names at file level of a driver stand for, computed by its own executor. Knows no scenario and no machine. */
import type { Driver } from '../../driver/model.ts';
import type { Value } from '../../execution/value.ts';
import type { RunOutcome } from '../../execution/world.ts';
import type { Expression, Span } from '../../syntax/ast.ts';
import type { SimulatedProgram } from '../program.ts';
import { writeFunction } from '../state/provenance.ts';
import { nullPointer, numberOf } from '../world/values.ts';

const nowhere: Span = { start: 0, end: 0 };

export interface FileLevelContext {
  readonly driver: Driver;
  readonly program: SimulatedProgram;
  /** Runs a function of the program without telling what it does, whatever happens in it. */
  readonly attempt: (name: string) => RunOutcome;
}

export class FileLevel {
  readonly #context: FileLevelContext;

  constructor(context: FileLevelContext) {
    this.#context = context;
  }

  /** The number that a name stands for: a macro, an enumerator; assumed where the files do not say. */
  numberOf(name: string): bigint {
    return numberOf(this.#evaluate({ kind: 'name', name, span: nowhere })) ?? 0n;
  }

  /** A pointer to a variable. */
  addressOf(name: string): Value {
    return this.#evaluate({ kind: 'addressOf', operand: { kind: 'name', name, span: nowhere }, span: nowhere }) ?? nullPointer();
  }

  #evaluate(value: Expression): Value | undefined {
    const { driver, program, attempt } = this.#context;
    const written = writeFunction(driver, undefined, { field: '', value, function: '', file: driver.file, span: nowhere });
    if (!written) return undefined;
    program.write(written.definition, written.file);
    const outcome = attempt(written.definition.name);
    return outcome.kind === 'returned' ? outcome.value : undefined;
  }
}
