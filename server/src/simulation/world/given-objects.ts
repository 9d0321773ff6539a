/**
 * What functions gave that nobody can look into: the same object for the same question, a new one from whatever makes
 * objects, and the end of an object when the counterpart of its maker gets it (`foo_free_bar` for `foo_alloc_bar`).
 * Knows names and values of calls; allocates and frees nothing.
 */
import { keyOf } from '../../execution/place.ts';
import { constantOf } from '../../execution/term.ts';
import type { MemoryObject, Value } from '../../execution/value.ts';
import type { ExternalCall } from '../../execution/world.ts';

/** Whether every call of a function gives something else, by its name. */
export function isMaker(name: string): boolean {
  return making.test(name);
}

/** Words of functions whose every call gives something else. */
const making = /(^|_)(de)?(k|kv|v|kc)?(alloc|malloc|zalloc|create|new|dup|clone|pop|dequeue|next|remove)(ate|_|$)/;

/** How one function is called that makes objects, and the other that ends them. */
const counterparts: readonly (readonly [made: string, ended: string])[] = [
  ['allocate', 'free'],
  ['alloc', 'free'],
  ['allocate', 'release'],
  ['alloc', 'release'],
  ['alloc', 'dealloc'],
  ['create', 'destroy'],
  ['new', 'delete'],
];

export class GivenObjects {
  readonly #answers = new Map<string, Value>();
  readonly #makers = new Map<MemoryObject, string>();

  /** What an earlier call with these arguments got, where asking again gets the same. */
  earlier(call: ExternalCall): Value | undefined {
    return isMaker(call.name) ? undefined : this.#answers.get(questionOf(call));
  }

  /** Remembers what the call got. */
  keep(call: ExternalCall, value: Value): void {
    if (!isMaker(call.name)) this.#answers.set(questionOf(call), value);
    else if (value.kind === 'pointer') this.#makers.set(value.place.object, call.name);
  }

  /** The object that this call ends, with the function that made it. */
  endedBy(call: ExternalCall): { readonly object: MemoryObject; readonly maker: string } | undefined {
    for (const value of call.arguments) {
      if (value.kind !== 'pointer' || value.place.path.length > 0) continue;
      const maker = this.#makers.get(value.place.object);
      if (maker !== undefined && isCounterpart(maker, call.name)) return { object: value.place.object, maker };
    }
    return undefined;
  }
}

/** The call and its arguments as one text. */
function questionOf({ name, arguments: values }: ExternalCall): string {
  return `${name}(${values.map(identityOf).join(', ')})`;
}

function identityOf(value: Value): string {
  switch (value.kind) {
    case 'pointer': {
      const { object } = value.place;
      // Where a result is stored changes nothing about the question.
      return object.origin.kind === 'local' ? 'local' : `${object.id} ${keyOf(value.place)}`;
    }
    case 'integer':
    case 'address':
      return String(constantOf(value.term) ?? '?');
    case 'function':
      return value.name;
    default:
      return value.kind;
  }
}

function isCounterpart(maker: string, other: string): boolean {
  return counterparts.some(([made, ended]) => maker.includes(made) && maker.replace(made, ended) === other);
}
