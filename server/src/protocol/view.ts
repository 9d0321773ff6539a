/** What the simulation page and the editor tell each other. Plain data; knows traces and reports and nothing else. */
import type { AttackReport } from './attack.ts';
import type { Matrix } from './matrix.ts';
import type { Location } from './position.ts';
import type { SimulateParams } from './requests.ts';
import type { Trace } from './trace.ts';

/** What a page shows: a handler that can be run again, or a recorded trace in a file. */
export type ViewOrigin =
  | { readonly kind: 'handler'; readonly parameters: SimulateParams }
  | { readonly kind: 'file'; readonly uri: string };

/** What the page keeps over a reload of the window. */
export interface ViewState {
  readonly origin: ViewOrigin;
  /** Index of the step that is shown. */
  readonly step: number;
  /** Where the cursor stood that the page was told of last: after a reload the editor tells it again, and it means nothing. */
  readonly cursor?: { readonly file: string; readonly line: number };
}

/** From the editor to the page. The page shows the trace that it was sent last. */
export type ToView =
  | { readonly kind: 'trace'; readonly trace: Trace; readonly origin: ViewOrigin }
  /** A run is under way. */
  | { readonly kind: 'running' }
  /** The run could not be made; the message is a full sentence. */
  | { readonly kind: 'failed'; readonly message: string; readonly origin?: ViewOrigin }
  | { readonly kind: 'matrix'; readonly answer: MatrixAnswer }
  | { readonly kind: 'attack'; readonly answer: AttackAnswer }
  /** The cursor of the editor stands here: the page shows a step of this line, if there is one. */
  | { readonly kind: 'cursor'; readonly file: string; readonly line: number };

export type MatrixAnswer =
  | { readonly kind: 'running' }
  | { readonly kind: 'matrix'; readonly matrix: Matrix }
  | { readonly kind: 'failed'; readonly message: string };

export type AttackAnswer =
  | { readonly kind: 'running' }
  | { readonly kind: 'report'; readonly report: AttackReport }
  | { readonly kind: 'failed'; readonly message: string };

/** From the page to the editor. */
export type FromView =
  /** The page is drawn and waits for its trace. */
  | { readonly kind: 'ready' }
  /** This step is shown: the editor marks its line, without taking the focus. */
  | { readonly kind: 'shown'; readonly location?: Location }
  /** Show this place in the editor. */
  | { readonly kind: 'reveal'; readonly location: Location }
  /** Run again, with this scenario text. */
  | { readonly kind: 'run'; readonly scenario: string }
  /** Run this scenario on several kernels. */
  | { readonly kind: 'matrix'; readonly scenario: string; readonly kernels: readonly string[] }
  /** Look for ways to a problem. */
  | { readonly kind: 'attack' }
  | { readonly kind: 'copy'; readonly text: string }
  /** Keep the scenario in a file. */
  | { readonly kind: 'saveScenario'; readonly scenario: string }
  /** Keep the trace in a file. */
  | { readonly kind: 'saveTrace' };
