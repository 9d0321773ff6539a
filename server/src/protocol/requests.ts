/** The custom messages between client and server, documented once: method, parameters, result. Plain data. */
import type { Position } from './position.ts';
import type { Trace } from './trace.ts';

/** Client to server: run a handler. Without a scenario the default one for the handler's kind is used. */
export const simulateMethod = 'driverMmap/simulate';

export interface SimulateParams {
  readonly uri: string;
  /** The handler's function name; absent: the handler at `position`, else the file's first mmap handler. */
  readonly handler?: string;
  readonly position?: Position;
  /** The text of a `.mmapsim` scenario. */
  readonly scenario?: string;
  /** Where the scenario stands, for what it includes; absent: beside the C file. */
  readonly scenarioUri?: string;
  /** `6.12`; absent: the target version of the file. */
  readonly kernel?: string;
}

export type SimulateResult = { readonly kind: 'trace'; readonly trace: Trace } | { readonly kind: 'failed'; readonly message: string };

/** The command behind the lens; the client answers it by opening the simulation view. Arguments: `[SimulateParams]`. */
export const simulateCommand = 'driverMmap.simulate';
