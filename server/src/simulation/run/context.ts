/** What the actions of a run share, and what comes of one. Knows no statement. */
import { errno } from '../../mm/errno.ts';
import type { Mm } from '../../mm/mm.ts';
import { fail, type Outcome } from '../../mm/outcome.ts';
import type { Amount, UserAddress } from '../scenario/model.ts';
import type { Buffers } from './buffers.ts';
import type { Descriptors } from './descriptors.ts';
import type { Device } from './device.ts';
import { look, numberIn } from './look.ts';
import type { Processes } from './processes.ts';
import type { Session } from './session.ts';

/** What came of an action. */
export interface ActionResult {
  readonly outcome: Outcome;
  /** The number that a read gave. */
  readonly value?: bigint;
  /** The bytes that it gave. */
  readonly bytes?: Uint8Array;
  /** For an action that could not be tried: its mapping was never made. */
  readonly skipped?: string;
  /** The driver's handler has made a mapping and put nothing into it. */
  readonly isEmpty?: boolean;
}

/** The machine, the driver and the names of one run. */
export class ActionContext {
  readonly session: Session;
  readonly device: Device;
  readonly processes: Processes;
  readonly descriptors: Descriptors;
  readonly buffers: Buffers;

  constructor(parts: Pick<ActionContext, 'session' | 'device' | 'processes' | 'descriptors' | 'buffers'>) {
    this.session = parts.session;
    this.device = parts.device;
    this.processes = parts.processes;
    this.descriptors = parts.descriptors;
    this.buffers = parts.buffers;
  }

  /** The address that a scenario means, in a process; `undefined` when its mapping does not exist. */
  addressOf(mm: Mm, { mapping, offset, fromEnd }: UserAddress): bigint | undefined {
    if (mapping === undefined) return offset;
    const found = this.processes.mapping(mm, mapping) ?? this.buffers.place(mm, mapping);
    return found && found.start + (fromEnd ? found.length : 0n) + offset;
  }

  /** The number that a scenario means; `undefined` when it cannot be known. */
  amountOf(mm: Mm, amount: Amount): bigint | undefined {
    if (typeof amount === 'bigint') return amount;
    const address = this.addressOf(mm, amount.address);
    if (amount.kind === 'address' || address === undefined) return address;
    const bytes = look(mm, address, amount.bytes);
    return bytes && numberIn(bytes);
  }
}

/** An action that could not be tried. */
export function skipped(why: string): ActionResult {
  return { outcome: fail(errno.EBADF), skipped: why };
}

/** Why an address could not be found. */
export function notMapped({ mapping }: UserAddress): ActionResult {
  return skipped(`${mapping ?? 'the address'} is not mapped`);
}
