/** What happens when the kernel calls into a module that is gone (S6.7). */
import type { System } from '../../mm/system.ts';

/** The oops of a call of `name` in a slot of the removed driver, whose file is `file`. */
export function jumpIntoNothing(system: System, file: string, slot: string, name: string): never {
  return system.stop({
    kind: 'oops',
    message: `The kernel calls ${name}() for ${slot}, but the module has been removed and its code is gone. The file operations have no \`.owner = THIS_MODULE\`, so nothing kept the module while the file was open.`,
    kernelLog: 'BUG: unable to handle page fault',
    where: { function: name, file },
    rule: 'S6.7',
  });
}
