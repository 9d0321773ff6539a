/** Values with which an event is reached, no condition on the way holding by wrap-around alone, and goals hold. */
import * as query from '../../../analysis/query.ts';
import type { Model } from '../../../execution/term-evaluate.ts';
import type { Moment } from '../questions.ts';

export function trueModel({ entry, path, event }: Moment, goals: readonly query.Goal[]): Model | undefined {
  const truly = path.conditions.slice(0, event.after).map(({ term }) => query.really(term));
  const found = query.findModel(entry, path, event.after, goals, { given: { name: 'truly', goals: truly } });
  return typeof found === 'string' ? undefined : found;
}
