/**
 * Which functions of the driver's own file name something, or may come to it by calls, as their texts tell: a cheap no,
 * before bodies are parsed. A yes says nothing: a name may stand in a comment, or be handed on.
 */
import type { Driver } from '../../driver/model.ts';

/** The functions of the file by the words in their texts. */
type Naming = ReadonlyMap<string, readonly string[]>;

const indexes = new WeakMap<Driver, Naming>();

/** The functions in whose texts one of `words` stands, in the order of the driver's functions. */
export function functionsNaming(driver: Driver, words: Iterable<string>): readonly string[] {
  const naming = namingIn(driver);
  const found = new Set([...words].flatMap((word) => naming.get(word) ?? []));
  return found.size > 1 ? [...driver.functions.keys()].filter((name) => found.has(name)) : [...found];
}

/** Those functions, and all that lead to one of them by the names of functions. */
export function mayReach(driver: Driver, words: Iterable<string>): ReadonlySet<string> {
  const naming = namingIn(driver);
  const found = new Set([...words].flatMap((word) => naming.get(word) ?? []));
  for (const name of found) for (const caller of naming.get(name) ?? []) found.add(caller);
  return found;
}

function namingIn(driver: Driver): Naming {
  let naming = indexes.get(driver);
  if (!naming) {
    naming = read(driver);
    indexes.set(driver, naming);
  }
  return naming;
}

function read(driver: Driver): Naming {
  const whole = driver.files.get(driver.file) ?? '';
  const naming = new Map<string, string[]>();
  for (const { name, file, span } of driver.functions.values()) {
    if (file !== driver.file) continue;
    for (const word of whole.slice(span.start, span.end).match(/[A-Za-z_]\w*/g) ?? []) {
      const names = naming.get(word);
      if (!names) naming.set(word, [name]);
      else if (names.at(-1) !== name) names.push(name);
    }
  }
  return naming;
}
