/**
 * The ioctl commands that the kernel answers itself, before it asks the driver (`do_vfs_ioctl`, fs/ioctl.c, 6.12). A driver whose own
 * command has one of these numbers is never called for it.
 */
import { errno } from '../../mm/errno.ts';
import { copyUser } from '../../mm/fault/access.ts';
import { fail, type Outcome, ok, userAction } from '../../mm/outcome.ts';
import { PAGE_BYTES } from '../../mm/units.ts';
import { bytesOfNumber } from './look.ts';
import type { Session } from './session.ts';

const FIGETBSZ = 0x2n;
const FIONCLEX = 0x5450n;
const FIOCLEX = 0x5451n;
const FIOQSIZE = 0x5460n;

/** What the kernel answers to `command`; `undefined` for one that it hands on. `argument` is a number or a user address. */
export function vfsIoctl(session: Session, command: bigint, argument: bigint): Outcome | undefined {
  switch (BigInt.asUintN(32, command)) {
    case FIOCLEX:
    case FIONCLEX:
      return ok();
    case FIOQSIZE:
      return fail(errno.ENOTTY);
    case FIGETBSZ:
      return blockSize(session, argument);
    default:
      return undefined;
  }
}

/** The block size of the file system that the device's node lies in: a page, as that of /dev. */
function blockSize({ system, currentMm: mm }: Session, argument: bigint): Outcome {
  if (!mm) return ok();
  return userAction(system, mm, () =>
    copyUser(mm, argument, bytesOfNumber(BigInt(PAGE_BYTES), 4), 'to-user', 'number') > 0 ? fail(errno.EFAULT) : ok(),
  ).outcome;
}
