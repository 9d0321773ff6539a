/** `close-drops-one`: mmap counts an object for every page, and closing the vma counts one of them down. */
import type { Driver } from '../driver/model.ts';
import type { Expression, Statement } from '../syntax/ast.ts';
import { walkBlock, walkExpression, walkStatement } from '../syntax/walk.ts';
import type { Place, Report, Rule } from './rule.ts';
import { reportIn } from './support/reports.ts';
import { calleesOf } from './support/text/call-chains.ts';
import { usesOf } from './support/text/uses.ts';

const up = /^(?:kref_get|refcount_inc|atomic(?:64|_long)?_inc)$/;
const down = /^(?:kref_put\w*|refcount_dec\w*|atomic(?:64|_long)?_dec\w*)$/;

export const closeDropsOne: Rule = {
  name: 'close-drops-one',
  severity: 'error',
  summary: 'The mmap handler counts an object for each page, and `.close` counts down a single one.',
  check({ driver }) {
    const closing = functionsOf(driver, 'close');
    if (closing.size === 0) return [];
    const reports: Report[] = [];
    for (const name of functionsOf(driver, 'mmap')) {
      const uses = usesOf(driver, name);
      const taken = uses && countsInLoops(uses.function.body);
      for (const { field, span } of taken ?? []) {
        const dropped = singleDrop(driver, closing, field);
        if (!uses || !dropped) continue;
        const message = `\`${field}\` is counted up for every page here, each time of another object, and \`.close\` counts down that of one: the others are never given back, and a split or a fork counts them wrong. Keep the list of them in vm_private_data, and go through it in .open and .close.`;
        reports.push(reportIn(uses, span, message, { related: [{ ...dropped, message: '.close counts one down here.' }] }));
        break;
      }
    }
    return reports;
  },
};

/** The handlers of a kind, and what they call. */
function functionsOf(driver: Driver, kind: 'mmap' | 'close'): ReadonlySet<string> {
  const names = new Set(driver.handlers.filter((each) => each.kind === kind && each.defined).map((handler) => handler.function));
  for (const name of names) for (const callee of calleesOf(driver, name)) names.add(callee);
  return names;
}

interface Counting {
  readonly field: string;
  readonly span: Expression['span'];
}

/** Counts that go up in loops which go on to another object in each round. */
function countsInLoops(body: Extract<Statement, { kind: 'block' }>): readonly Counting[] {
  const found: Counting[] = [];
  walkBlock(body, {
    statement: (loop) => {
      if (loop.kind !== 'for' && loop.kind !== 'while' && loop.kind !== 'doWhile' && loop.kind !== 'iterator') return;
      const moved = movedIn(loop);
      const left = leavingIn(loop.body);
      walkStatement(loop.body, {
        expression: (each) => {
          const counted = countOf(each, '++', up);
          const leaves = left.some(({ start, end }) => start <= each.span.start && each.span.end <= end);
          if (counted && !leaves && dependsOn(counted, moved)) found.push({ field: counted.field, span: each.span });
        },
      });
    },
  });
  return found;
}

/** The variables that a loop sets. */
function movedIn(loop: Statement): ReadonlySet<string> {
  const moved = new Set<string>();
  if (loop.kind === 'iterator') for (const each of loop.arguments) if (each.kind === 'name') moved.add(each.name);
  walkStatement(loop, {
    statement: (each) => {
      if (each.kind === 'declaration') for (const { name } of each.declarators) moved.add(name);
    },
    expression: (each) => {
      if (each.kind === 'assignment' && each.target.kind === 'name') moved.add(each.target.name);
      if (each.kind === 'update' && each.operand.kind === 'name') moved.add(each.operand.name);
    },
  });
  return moved;
}

/** The statements that end with leaving the loop: what was looked for is found there, once. */
function leavingIn(body: Statement): readonly Statement['span'][] {
  const found: Statement['span'][] = [];
  walkStatement(body, {
    statement: (each) => {
      const last = each.kind === 'block' ? each.statements.at(-1)?.kind : undefined;
      if (last === 'return' || last === 'break' || last === 'goto') found.push(each.span);
    },
  });
  return found;
}

/** The field that an expression counts, in its object. */
function countOf(each: Expression, operator: '++' | '--', calls: RegExp): Extract<Expression, { kind: 'member' }> | undefined {
  if (each.kind === 'update') return each.operator === operator && each.operand.kind === 'member' ? each.operand : undefined;
  if (each.kind !== 'call' || each.callee.kind !== 'name' || !calls.test(each.callee.name)) return undefined;
  const [place] = each.arguments;
  return place?.kind === 'addressOf' && place.operand.kind === 'member' ? place.operand : undefined;
}

function dependsOn({ object }: Extract<Expression, { kind: 'member' }>, moved: ReadonlySet<string>): boolean {
  let found = false;
  walkExpression(object, {
    expression: (each) => {
      found ||= each.kind === 'name' && moved.has(each.name);
    },
  });
  return found;
}

/** Where closing counts the same field down, when it never does so in a loop. */
function singleDrop(driver: Driver, closing: ReadonlySet<string>, field: string): Place | undefined {
  let found: Place | undefined;
  for (const name of closing) {
    const uses = usesOf(driver, name);
    if (!uses) continue;
    let loops = false;
    walkBlock(uses.function.body, {
      statement: (each) => {
        loops ||= each.kind === 'for' || each.kind === 'while' || each.kind === 'doWhile' || each.kind === 'iterator';
      },
    });
    if (loops) return undefined;
    const drop = uses.expressions.find((each) => countOf(each, '--', down)?.field === field);
    if (drop) found ??= { file: uses.file, span: drop.span };
  }
  return found;
}
