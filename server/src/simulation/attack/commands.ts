/** The ioctl commands that a driver's code tells apart. Reads the driver model; runs nothing. */
import type { Driver } from '../../driver/model.ts';
import { Device, type Entry } from '../run/device.ts';
import { textOf } from '../state/uses.ts';

/** An attack tries so many. */
const mostCommands = 12;
/** How far calls are followed from the ioctl function. */
const maximumDepth = 2;

/** Names after `case` in the driver's ioctl function and what it calls. */
export function commandsOf(driver: Driver, entry: Entry): readonly string[] {
  if (entry.kind === 'table') return [];
  const first = Device.functionIn(driver, entry.handler, 'ioctl');
  const commands = new Set<string>();
  const seen = new Set<string>();
  let level = first === undefined ? [] : [first];
  for (let depth = 0; depth <= maximumDepth; depth++) {
    const next: string[] = [];
    for (const name of level) {
      const header = driver.functions.get(name);
      if (!header || seen.has(name)) continue;
      seen.add(name);
      const text = textOf(driver, header);
      for (const [, command] of text.matchAll(/\bcase\s+([A-Z_][A-Z0-9_]*)\s*:/g)) if (command !== undefined) commands.add(command);
      for (const [, command] of text.matchAll(/\b(?:cmd|command)\s*[!=]=\s*([A-Z_][A-Z0-9_]*)\b/g))
        if (command !== undefined) commands.add(command);
      for (const [word] of text.matchAll(/[a-z_]\w*ioctl\w*/g)) if (driver.functions.has(word)) next.push(word);
    }
    level = next;
  }
  return [...commands].slice(0, mostCommands);
}
