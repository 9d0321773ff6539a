/** What stands above a scenario: run it, and run it on several kernels. Knows the text alone. */
import type { Range } from '../protocol/position.ts';

export interface ScenarioLens {
  readonly range: Range;
  readonly title: string;
  readonly runs: 'once' | 'on kernels';
}

/** Above the first line that is a statement; a scenario without one has nothing to run. */
export function scenarioLenses(text: string): readonly ScenarioLens[] {
  const line = text.split('\n').findIndex((each) => /^\s*[^\s#]/.test(each));
  if (line < 0) return [];
  const range = { start: { line, character: 0 }, end: { line, character: 0 } };
  return [
    { range, title: '▶ Run', runs: 'once' },
    { range, title: '▶ Run on kernels…', runs: 'on kernels' },
  ];
}
