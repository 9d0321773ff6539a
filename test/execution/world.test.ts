/** What the executor asks of its world, and what it makes of the answers. */
import { describe, expect, test } from 'vitest';
import { type CType, type IntegerType, int, unsignedLong } from '../../server/src/execution/ctype.ts';
import { placeName, pointerName } from '../../server/src/execution/place.ts';
import type { Dialect } from '../../server/src/execution/program.ts';
import { createExecutor } from '../../server/src/execution/run.ts';
import { constant, type SymbolInfo, type Term } from '../../server/src/execution/term.ts';
import { printTerm } from '../../server/src/execution/term-print.ts';
import type { IntegerValue, Place, Value } from '../../server/src/execution/value.ts';
import type { IteratorRound, Machine } from '../../server/src/execution/world.ts';
import { emptyDialect, numberIn, numberValue, outcomeOf, programOfText, TestWorld, testBudget } from '../support/program.ts';

const dialect: Dialect = {
  typedefs: { u32: 'unsigned int' },
  structs: {
    list_head: { fields: { next: 'struct list_head *', prev: 'struct list_head *' }, size: 16 },
    file: { fields: { private_data: 'void *' } },
  },
  guards: { mutex: { enter: 'mutex_lock', leave: 'mutex_unlock' } },
  containerOf: new Set(['container_of', 'list_entry']),
  sizesOfMember: new Set<string>(),
  memberArguments: {},
  setArguments: {},
  pointerArguments: {},
};

/** A world of symbols: unknown numbers have the names that a C author would write. */
class SymbolicWorld extends TestWorld {
  readonly conditions: string[] = [];
  readonly assumed: string[] = [];
  readonly havocked: string[] = [];
  iterate?: (machine: Machine, round: IteratorRound) => boolean | undefined;

  override unknown(machine: Machine, place: Place, type: CType): Value {
    const name = placeName(place);
    this.asked.push(name);
    if (type.kind === 'pointer') {
      return {
        kind: 'pointer',
        place: { object: machine.allocate(name, type.to, { kind: 'assumed', from: place }), path: [] },
        pointee: type.to,
      };
    }
    return symbol(name, type.kind === 'integer' ? type : unsignedLong);
  }

  override addressOf(_machine: Machine, place: Place): Term {
    return symbol(pointerName(place), unsignedLong).term;
  }

  override branch(_machine?: Machine, condition?: IntegerValue): boolean {
    if (condition) this.conditions.push(printTerm(condition.term));
    return this.onBranch();
  }

  override havoc(machine: Machine, place: Place, type: CType): Value {
    this.havocked.push(placeName(place));
    return type.kind === 'integer' ? symbol(`${placeName(place)}'`, type) : this.unknown(machine, place, type);
  }

  assume(_machine: Machine, condition: IntegerValue, truth: boolean): void {
    this.assumed.push(`${printTerm(condition.term)} is ${truth}`);
  }
}

function symbol(name: string, type: IntegerType): IntegerValue {
  const info: SymbolInfo = { id: name, name, type, control: 'driver', role: 'unknown' };
  return { kind: 'integer', type, term: { kind: 'symbol', symbol: info } };
}

const printed = (value: Value | undefined): string =>
  value?.kind === 'integer' ? printTerm(value.term) : value?.kind === 'pointer' ? pointerName(value.place) : (value?.kind ?? 'nothing');

async function explore(text: string, world = new SymbolicWorld(), entry = 'f') {
  const outcome = await outcomeOf(text, entry, [], world, dialect);
  return { outcome, world, result: outcome.kind === 'returned' ? printed(outcome.value) : JSON.stringify(outcome.stop) };
}

describe('unknown memory', () => {
  test('is named as a C author would write it', async () => {
    const { result, world } = await explore(`
      struct bar { unsigned long len; int *regs; };
      struct priv { int id; struct bar bar[6]; };
      unsigned long f(struct file *file) { struct priv *priv = file->private_data; return priv->bar[2].len + *priv->bar[1].regs; }`);
    expect(result).toContain('file->private_data->bar[2].len');
    expect(world.asked).toEqual([
      'file',
      'file->private_data',
      'file->private_data->bar[2].len',
      'file->private_data->bar[1].regs',
      '*file->private_data->bar[1].regs',
    ]);
  });

  test('has one value per place, whoever reads it', async () => {
    const { result } = await explore('struct s { long a; }; long f(struct s *p) { struct s *q = p; return p->a - q->a; }');
    expect(result).toBe('0');
  });

  test('is overwritten by what the program writes', async () => {
    const { result, world } = await explore(
      'struct s { long a; struct list_head l; }; long f(struct s *p) { p->a = 3; p->l.next = &p->l; return p->a + (p->l.next == &p->l); }',
    );
    expect(result).toBe('4');
    expect(world.asked).toEqual(['p']);
  });

  test('is copied with a struct, and read late', async () => {
    const { result, world } = await explore(
      'struct s { long a, b, c; }; long f(struct s *p) { struct s t = *p; t.a = 1; return t.a + t.b; }',
    );
    expect(result).toBe('p->b + 1');
    expect(world.asked).toEqual(['p', 'p->b']);
  });

  test('of a variable that was never set is asked for', async () => {
    const { result } = await explore('long f(void) { long x; return x; }');
    expect(result).toBe('x');
  });

  test('of an undeclared struct has fields of unknown type', async () => {
    const { result } = await explore('int f(struct mystery *m) { return m->inner->count; }');
    expect(result).toContain('m->inner->count');
  });
});

describe('elements with unknown indexes', () => {
  test('of a table are unknown, known elements are not', async () => {
    const { result } = await explore('static const int table[4] = { 5, 6 }; long f(long i) { return table[i] + table[1] + table[3]; }');
    expect(result).toBe('table[i] + 6');
  });

  test('of memory that was only cleared are zero', async () => {
    const { result } = await explore('long f(long i) { long a[4] = { }; return a[i]; }');
    expect(result).toBe('0');
  });

  test('are what was written there, and others become unknown', async () => {
    const { result } = await explore(
      'struct s { long a[4], b; }; long f(struct s *p, long i) { p->a[1] = 1; p->b = 2; p->a[i] = 7; return p->a[i] * 100 + p->a[1] + p->b; }',
    );
    expect(result).toBe('p->a[1] + 702');
  });
});

describe('undeclared fields', () => {
  test('used as pointers are not NULL because their struct was cleared', async () => {
    const { world, outcome } = await explore('int f(void) { struct mystery m = { 0 }; return m.planes[0].size; }');
    expect(outcome.kind).toBe('returned');
    expect(world.asked).toContain('m.planes');
  });

  test('initialised with several values are arrays', async () => {
    const { result } = await explore('int f(void) { struct mystery m = { .full = { 40, 50 } }; return m.full[1] + m.full[0]; }');
    expect(result).toBe('90');
  });
});

describe('conditions', () => {
  test('on a pointer that may be NULL ask for its address', async () => {
    const { world } = await explore('struct s { int a; }; int f(struct s *p) { if (!p) return 1; return 2; }');
    expect(world.conditions).toEqual(['p']);
  });

  test('on a variable of the function are certain', async () => {
    const { world, result } = await explore('int f(void) { int a, *p = &a; if (p && &a != 0) return 1; return 2; }');
    expect(result).toBe('1');
    expect(world.conditions).toEqual([]);
  });

  test('are asked one by one, and only as far as needed', async () => {
    const { world } = await explore('int f(long a, long b) { if (a > 5 && b) return 1; return 2; }');
    expect(world.conditions).toEqual(['5 < a']);
  });

  test('of a switch are its cases, in order', async () => {
    const { world, result } = await explore(
      'int f(int a) { switch (a) { case 1: return 10; case 3 ... 5: return 11; default: return 12; } }',
    );
    expect(world.conditions).toEqual(['a == 1', '3 <= a']);
    expect(result).toBe('12');
  });
});

describe('calls', () => {
  test('carry values, types and places', async () => {
    const seen: unknown[] = [];
    const world = new SymbolicWorld({
      get_user: (machine, call) => {
        const place = call.place(0);
        if (place) machine.write(place, numberValue(7n), call.span);
        return numberValue(0n);
      },
      min_t: (_machine, call) => {
        seen.push(call.types[0], call.expected);
        return call.arguments[2] ?? numberValue(0n);
      },
    });
    const { result } = await explore('long f(void) { int x; u32 y; get_user(x, (int *)0); y = min_t(u32, x, 300); return y + x; }', world);
    expect(result).toBe('307');
    expect(seen).toMatchObject([
      { kind: 'integer', bits: 32, signed: false },
      { kind: 'integer', bits: 32, signed: false },
    ]);
  });

  test('through a pointer that nobody set have the name of its path', async () => {
    const { world } = await explore(
      'struct ops { int (*map)(int); }; struct p { struct ops *ops; }; int f(struct p *priv) { return priv->ops->map(3); }',
    );
    expect(world.calls.map(({ name }) => name)).toEqual(['priv->ops->map']);
  });

  test('come back into the program', async () => {
    const world = new SymbolicWorld({
      for_all: (machine, call) => machine.invoke(call.arguments[0]?.kind === 'function' ? call.arguments[0].name : '', [numberValue(20n)]),
    });
    const { result } = await explore('static int cb(int n) { return n + 1; } int f(void) { return for_all(cb); }', world);
    expect(result).toBe('21');
  });

  test('of macros without a known meaning go to the world under their name', async () => {
    const { world } = await explore('#define PASTE(a) a ## _x\nint f(void) { return PASTE(3); }');
    expect(world.calls.map(({ name }) => name)).toEqual(['PASTE']);
  });
});

describe('guards and cleanups', () => {
  const log = async (body: string) => {
    const { world, outcome } = await explore(`struct p { struct mutex lock; int a; }; int f(struct p *p) { ${body} }`);
    expect(outcome.kind).toBe('returned');
    return world.calls.map((call) => `${call.name}(${call.arguments.map(printed).join(', ')})`);
  };

  test('a guard holds to the end of its block', async () => {
    expect(await log('{ guard(mutex)(&p->lock); inside(); } outside(); return 0;')).toEqual([
      'mutex_lock(&p->lock)',
      'inside()',
      'mutex_unlock(&p->lock)',
      'outside()',
    ]);
  });

  test('a guard is left by a return, after its value is known', async () => {
    expect(await log('guard(mutex)(&p->lock); return inside();')).toEqual(['mutex_lock(&p->lock)', 'inside()', 'mutex_unlock(&p->lock)']);
  });

  test('a scoped guard holds for its body, which break leaves', async () => {
    expect(await log('scoped_guard(mutex, &p->lock) { inside(); break; } outside(); return 0;')).toEqual([
      'mutex_lock(&p->lock)',
      'inside()',
      'mutex_unlock(&p->lock)',
      'outside()',
    ]);
  });

  test('a guard is left by a goto', async () => {
    expect(await log('{ guard(mutex)(&p->lock); goto out; } never(); out: outside(); return 0;')).toEqual([
      'mutex_lock(&p->lock)',
      'mutex_unlock(&p->lock)',
      'outside()',
    ]);
  });

  test('cleanups run in reverse order', async () => {
    expect(await log('void *a __free(kfree) = make(1); void *b __free(vfree) = make(2); use(); return 0;')).toEqual(
      ['make(1)', 'make(2)', 'use()', 'vfree(0)', 'kfree(0)'].map((call) => expect.stringMatching(call.replace(/\(.*/, ''))),
    );
  });

  test('an unlisted class is still seen', async () => {
    expect(await log('guard(strange)(&p->lock); return 0;')).toEqual(['guard:strange(&p->lock)', 'unguard:strange(&p->lock)']);
  });
});

describe('faults and budgets', () => {
  const stop = async (text: string, world = new SymbolicWorld()) => {
    const outcome = await outcomeOf(text, 'f', [], world, dialect, { steps: 10_000, depth: 50 });
    if (outcome.kind !== 'stopped') throw new Error('it returned');
    return { ...outcome.stop, at: text.slice(outcome.span.start, outcome.span.end) };
  };

  test('NULL is not followed', async () => {
    expect(await stop('struct s { int a; }; int f(void) { struct s *p = 0; return p->a; }')).toMatchObject({
      kind: 'fault',
      message: '`p` is NULL, and is followed.',
    });
  });

  test('neither is an error pointer', async () => {
    expect(await stop('int f(void) { int *p = (int *)-12L; return *p; }')).toMatchObject({
      kind: 'fault',
      message: '`p` is the error pointer -12, and is followed.',
      at: '*p',
    });
  });

  test('NULL is not called', async () => {
    expect(await stop('int f(void) { int (*p)(void) = 0; return p(); }')).toMatchObject({
      kind: 'fault',
      message: '`p` is NULL, and is called.',
    });
  });

  test('freed memory is not read', async () => {
    const world = new SymbolicWorld({
      kfree: (_machine, call) => {
        const [pointer] = call.arguments;
        if (pointer?.kind === 'pointer') pointer.place.object.freed = call.span;
        return { kind: 'void' };
      },
    });
    expect(await stop('struct s { int a; }; int f(struct s *p) { kfree(p); return p->a; }', world)).toMatchObject({
      kind: 'fault',
      message: '`p->a` is used after its memory was freed.',
      at: 'p->a',
    });
  });

  test('nothing is divided by 0', async () => {
    expect(await stop('int f(int a) { int zero = 0; return a / zero; }')).toMatchObject({
      kind: 'fault',
      message: 'A number is divided by 0.',
      at: 'a / zero',
    });
  });

  test('an endless loop ends', async () => {
    expect(await stop('int f(void) { for (;;) ; }')).toMatchObject({ kind: 'budget', what: 'steps' });
    expect(await stop('int f(void) { again: goto again; }')).toMatchObject({ kind: 'budget', what: 'steps' });
  });

  test('endless recursion ends', async () => {
    expect(await stop('int f(void) { return f() + 1; }')).toMatchObject({ kind: 'budget', what: 'depth' });
  });

  test('deep nesting and macros of macros end', async () => {
    const nested = `int f(void) { return ${'('.repeat(3000)}1${')'.repeat(3000)}; }`;
    expect(await outcomeOf(nested, 'f')).toBeDefined();
    const macros = Array.from({ length: 60 }, (_, i) => `#define M${i + 1} (M${i} + M${i})`).join('\n');
    expect(await outcomeOf(`#define M0 1\n${macros}\nint f(void) { int a[M60]; return M60; }`, 'f')).toBeDefined();
  });

  test('a call of what is not defined is no crash', async () => {
    expect(await outcomeOf('int g(void) { return 1; }', 'f')).toMatchObject({ kind: 'stopped', stop: { kind: 'notUnderstood' } });
  });
});

describe('loops', () => {
  const widening = () => {
    const world = new SymbolicWorld();
    world.onLoop = (count) => (count === 3 ? 'widen' : count > 3 ? 'leave' : 'run');
    return world;
  };

  test('that are widened forget what they write', async () => {
    const world = widening();
    world.onBranch = () => true;
    const { result } = await explore(
      'struct p { long n; long sum; long other; }; long f(struct p *p) { long i; for (i = 0; i < p->n; i++) { long t = i; p->sum = t; } return i; }',
      world,
    );
    expect(world.havocked).toEqual(['i', 'p->sum', 'i', 'p->sum']);
    expect(result).toBe("i'");
    expect(world.assumed).toEqual(["i' < p->n is false", "i' == p->n is true"]);
  });

  test('that write an array forget all of it', async () => {
    const world = widening();
    world.onBranch = () => true;
    const { result } = await explore(
      'long f(long n) { long i, a[8] = { 5 }, b = 6; for (i = 0; i < n; i++) a[i] = 1; return a[0] + b; }',
      world,
    );
    expect(result).toBe('a[0] + 6');
  });

  test('that only a jump leaves end the run when they are widened', async () => {
    const { result } = await explore('long f(long n) { for (;;) { if (n) return 1; n = g(); } }', widening());
    expect(JSON.parse(result)).toMatchObject({ kind: 'budget', what: 'loop' });
  });

  test('made of goto are widened once', async () => {
    const world = widening();
    world.onBranch = () => true;
    const { result } = await explore('long f(long n) { long i = 0; again: i++; if (i < n) goto again; return i; }', world);
    expect(world.havocked).toEqual(['i']);
    expect(JSON.parse(result)).toMatchObject({ kind: 'budget', what: 'loop' });
  });

  test('may be left by the world', async () => {
    const world = new SymbolicWorld();
    world.onLoop = (count) => (count > 2 ? 'leave' : 'run');
    expect((await explore('long f(void) { long i; for (i = 0; i < 9; i++) ; return i; }', world)).result).toBe('2');
  });
});

describe('iterators', () => {
  const text =
    'struct item { int v; struct list_head node; }; int f(struct list_head *head) { struct item *pos; int n = 0; list_for_each_entry(pos, head, node) { n++; use(pos->v); } return n; }';

  test('have unknown elements where the world does not say', async () => {
    const world = new SymbolicWorld();
    const answers = [true, true, false];
    world.onBranch = () => answers.shift() ?? false;
    const { result } = await explore(text, world);
    expect(result).toBe('2');
    expect(world.havocked.filter((name) => name === 'pos')).toHaveLength(2);
  });

  test('have the elements that the world gives', async () => {
    const world = new SymbolicWorld();
    world.iterate = (machine, round) => {
      const place = round.place(0);
      const pointee: CType = { kind: 'struct', tag: 'struct', name: 'item' };
      const object = machine.allocate(`item${round.count}`, pointee, { kind: 'assumed' });
      if (place) machine.write(place, { kind: 'pointer', place: { object, path: [] }, pointee }, round.span);
      return round.count <= 2 && printed(round.value(1)) === 'head';
    };
    const { result } = await explore(text, world);
    expect(result).toBe('2');
    expect(world.calls.map((call) => printed(call.arguments[0]))).toEqual(['item1->v', 'item2->v']);
  });
});

describe('containers', () => {
  const types = 'struct base { int id; }; struct outer { long a; struct base base; long b; }; ';

  test('of a member of a known object are that object', async () => {
    const { result } = await explore(
      `${types} long f(struct outer *o) { struct base *b = &o->base; return container_of(b, struct outer, base)->b; }`,
    );
    expect(result).toBe('o->b');
  });

  test('of an object that came alone hold it', async () => {
    const { result, world } = await explore(
      `${types} long f(struct base *b) { struct outer *o = container_of(b, struct outer, base); b->id = 5; o->b = o->base.id; return container_of(b, struct outer, base)->b + (&o->base == b); }`,
    );
    expect(result).toContain('5');
    expect(world.asked).toEqual(['b']);
  });

  test('are found through the first member by a cast', async () => {
    const { result } = await explore(
      'struct base { int id; }; struct outer { struct base base; long b; }; long f(struct base *b) { struct outer *o = (struct outer *)b; o->base.id = 4; o->b = 3; return b->id + ((struct outer *)b)->b; }',
    );
    expect(result).toBe('7');
  });
});

describe('a life of a program', () => {
  test('keeps globals and static locals between runs', async () => {
    const program = await programOfText(
      'static int total = 5; int f(int n) { static int calls; total += n; return total * 10 + ++calls; }',
    );
    const executor = createExecutor(program, emptyDialect, new TestWorld());
    const results = [1n, 2n].map((n) => executor.run('f', [numberValue(n)], testBudget));
    expect(results.map((outcome) => outcome.kind === 'returned' && numberIn(outcome.value))).toEqual([61n, 82n]);
  });

  test('asks for globals that say nothing of their state', async () => {
    const { world } = await explore(
      'static long size; static int *table = 0; static int limit = 3; long f(void) { return size + limit + (table != 0); }',
    );
    expect(world.asked).toEqual(['size', 'table']);
  });

  test('takes callbacks that an initialiser leaves out for NULL, other fields for state', async () => {
    const { world, result } = await explore(
      'struct d { int (*op)(void); long size; struct { void *p; } in; }; static struct d d = { .in = { 0 }, .size = 0 }; long f(void) { return d.size + (d.in.p != 0) + (d.op == 0) * 5; }',
    );
    expect(world.asked).toEqual(['d.size', 'd.in.p']);
    expect(result).toContain('5');
  });

  test('tells of frames, statements and writes', async () => {
    const frames: string[] = [];
    const world = Object.assign(new SymbolicWorld(), {
      onEnter: (machine: Machine) => frames.push(machine.frames.map((frame) => frame.function).join('>')),
      onLeave: (_machine: Machine, frame: { readonly function: string }, value: Value) =>
        frames.push(`${frame.function} = ${printed(value)}`),
    });
    await explore('static int g(int n) { return n + 1; } int f(void) { return g(1); }', world);
    expect(frames).toEqual(['f', 'f>g', 'g = 2', 'f = 2']);
  });

  test('computes with 32-bit longs when told so', async () => {
    const program = await programOfText('long f(void) { return sizeof(long) + sizeof(void *) + ((1UL << 31 << 1) == 0); }', 32);
    const outcome = createExecutor(program, emptyDialect, new TestWorld()).run('f', [], testBudget);
    expect(outcome.kind === 'returned' && numberIn(outcome.value)).toBe(9n);
  });
});

test('constants of the outside come from the world', async () => {
  const world = Object.assign(new SymbolicWorld(), {
    constant: (name: string) =>
      name === 'EINVAL' ? { value: 22n, type: int } : name === 'NULL' ? { value: 0n, type: { kind: 'pointer', to: int } } : undefined,
  });
  const { result } = await explore('int f(void) { int *p = NULL; return p == NULL ? -EINVAL : 0; }', world as SymbolicWorld);
  expect(result).toBe('-22');
  expect(constant(0).kind).toBe('constant');
});
