/**
 * Drivers of which nothing can be mapped until a program has asked for it: looks for calls of the driver's ioctl commands after which
 * the handler accepts a mapping. Knows no driver; whoever calls runs the programs.
 */
import { PAGE_SIZE } from '../../mm/units.ts';
import { comparedExtents } from '../compared.ts';
import { ioctlStatement } from './arguments.ts';
import { type LearnedCall, learnCalls } from './learning.ts';
import { opening, touches } from './moves.ts';
import type { Shape } from './shapes.ts';
import { isMapped, type Program, type Trial } from './trial.ts';

/** What a program does between opening the device and mapping it, and the mapping that is accepted then. */
export interface Preparation {
  readonly prologue: Program;
  readonly shape: Shape;
}

/** Runs that looking for it may take, calls in a row, and how many are gone on from. */
const mostRuns = 160;
const mostCalls = 2;
const mostKept = 3;
/** Mappings that are tried after one call. */
const mostShapes = 8;

/** The calls and the mapping; `undefined` where none was found. */
export function prepare(commands: readonly string[], shape: Shape, run: (program: Program) => Trial): Preparation | undefined {
  let runs = 0;
  const isSpent = () => runs >= mostRuns;
  const attempt = (prologue: Program, asked: Shape) => {
    runs += 1;
    return run([...opening(asked, prologue), ...touches(asked)]);
  };
  let level: readonly { readonly prologue: Program; readonly trial: Trial }[] = [{ prologue: [], trial: attempt([], shape) }];
  for (let count = 0; count < mostCalls; count++) {
    const next: { readonly prologue: Program; readonly trial: Trial }[] = [];
    for (const { prologue, trial: before } of level) {
      const learned = learnCalls({
        commands,
        run: (call) => attempt([...prologue, ioctlStatement(call)], shape),
        isSpent,
        before,
      });
      for (const each of learned) {
        const longer = [...prologue, ioctlStatement(each.call)];
        for (const asked of [shape, ...shapesAfter(each, shape)]) {
          if (isSpent()) return undefined;
          if (isMapped(asked === shape ? each.trial : attempt(longer, asked))) return { prologue: longer, shape: asked };
        }
        next.push({ prologue: longer, trial: each.trial });
      }
    }
    level = next.slice(0, mostKept);
  }
  return undefined;
}

/** Mappings that a call suggests: at an offset that the driver has handed out, as the handler compares them, of one page. */
function shapesAfter({ written, trial }: LearnedCall, shape: Shape): readonly Shape[] {
  const offsets = written.filter((offset) => offset % PAGE_SIZE === 0n && offset !== shape.offset);
  const extents = [...offsets.map((offset) => ({ offset, length: shape.length })), ...comparedExtents(trial.run.compared, shape)];
  return [...extents, { offset: shape.offset, length: PAGE_SIZE }].slice(0, mostShapes).map((extent) => ({ ...shape, ...extent }));
}
