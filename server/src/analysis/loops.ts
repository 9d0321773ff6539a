/**
 * The loops that a run is in, and how long each may go on: a loop whose course is decided by constants runs to its end,
 * any other runs once and is then widened to stand for all its rounds.
 */
import type { LoopAnswer, Machine } from '../execution/world.ts';
import type { Span } from '../syntax/ast.ts';

const mostRounds = 64;

interface ActiveLoop {
  readonly span: Span;
  readonly file: string;
  readonly depth: number;
  round: number | 'some';
  /** Something in it was decided by a choice. */
  chosen: boolean;
}

export class Loops {
  #active: ActiveLoop[] = [];
  /** Whether a loop was ended before its condition was false. */
  widened = false;

  /** Asked before each round. */
  enter(machine: Machine, span: Span, count: number): LoopAnswer {
    const depth = machine.frames.length;
    if (count === 1) {
      this.#leaveOthers(machine, span);
      this.#active.push({ span, file: machine.file, depth, round: 1, chosen: false });
      return 'run';
    }
    while (this.#active.length > 0 && !isSame(this.#active.at(-1), machine, span)) this.#active.pop();
    const loop = this.#active.at(-1);
    if (!loop) return 'leave';
    if (loop.chosen || count > mostRounds) {
      loop.round = 'some';
      this.widened = true;
      return 'widen';
    }
    loop.round = count;
    return 'run';
  }

  /** A choice was made where the run is. */
  chose(machine: Machine, span: Span): void {
    this.#leaveOthers(machine, span);
    for (const loop of this.#active) loop.chosen = true;
  }

  /** The round of the innermost loop around `span`. */
  roundAt(machine: Machine, span: Span): number | 'some' | undefined {
    this.#leaveOthers(machine, span);
    if (this.#active.some((loop) => loop.round === 'some')) return 'some';
    return this.#active.at(-1)?.round;
  }

  #leaveOthers(machine: Machine, span: Span): void {
    const depth = machine.frames.length;
    while (this.#active.length > 0) {
      const loop = this.#active.at(-1);
      if (!loop) return;
      const inside = depth > loop.depth || (depth === loop.depth && machine.file === loop.file && contains(loop.span, span));
      if (inside) return;
      this.#active.pop();
    }
  }
}

function isSame(loop: ActiveLoop | undefined, machine: Machine, span: Span): boolean {
  return loop !== undefined && loop.span === span && loop.depth === machine.frames.length;
}

function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
