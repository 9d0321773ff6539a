/**
 * Which functions of the driver's own file may come to something by calls, as the names in their texts tell: a cheap no,
 * before bodies are parsed. A yes says nothing: a name may stand in a comment, or be handed on. Knows names alone.
 */
import type { Driver } from '../../driver/model.ts';

interface OwnFunction {
  readonly text: string;
  /** The functions of the file that name it. */
  readonly namedBy: string[];
}

const indexes = new WeakMap<Driver, ReadonlyMap<string, OwnFunction>>();

/** The functions whose text holds a match of `word`, and all that lead to one of them by the names of functions. */
export function mayReach(driver: Driver, word: RegExp): ReadonlySet<string> {
  const functions = functionsOf(driver);
  const found = new Set<string>();
  for (const [name, { text }] of functions) if (word.test(text)) found.add(name);
  for (const name of found) for (const each of functions.get(name)?.namedBy ?? []) found.add(each);
  return found;
}

function functionsOf(driver: Driver): ReadonlyMap<string, OwnFunction> {
  let functions = indexes.get(driver);
  if (!functions) {
    functions = read(driver);
    indexes.set(driver, functions);
  }
  return functions;
}

function read(driver: Driver): ReadonlyMap<string, OwnFunction> {
  const whole = driver.files.get(driver.file) ?? '';
  const functions = new Map<string, OwnFunction>();
  for (const { name, file, span } of driver.functions.values())
    if (file === driver.file) functions.set(name, { text: whole.slice(span.start, span.end), namedBy: [] });
  for (const [name, { text }] of functions)
    for (const word of new Set(text.match(/\b[A-Za-z_]\w*/g))) if (word !== name) functions.get(word)?.namedBy.push(name);
  return functions;
}
