/** What it means to the analysis that the driver calls the kernel: the shape of the tables beside `kernel-calls.ts`. */
import type { Value } from '../execution/value.ts';
import type { ExternalCall, Machine } from '../execution/world.ts';
import type { SymbolicWorld } from './symbolic-world.ts';

/** Carries the call out; `undefined` when its arguments are not understood. */
export type KernelCall = (world: SymbolicWorld, machine: Machine, call: ExternalCall) => Value | undefined;
