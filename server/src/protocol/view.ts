/** What the simulation page and the editor tell each other. Plain data; knows the trace and nothing else. */
import type { Location } from './position.ts';
import type { Trace } from './trace.ts';

/** From the editor to the page. The page shows what it was sent last. */
export type ToView =
  | { readonly kind: 'trace'; readonly trace: Trace }
  /** A run is under way. */
  | { readonly kind: 'running' }
  /** The run could not be made; the message is a full sentence. */
  | { readonly kind: 'failed'; readonly message: string };

/** From the page to the editor. */
export type FromView =
  /** The page is drawn and waits for its trace. */
  | { readonly kind: 'ready' }
  /** Show this place in the editor. */
  | { readonly kind: 'reveal'; readonly location: Location }
  /** Run again, with this scenario text and, when given, for this Linux version. */
  | { readonly kind: 'run'; readonly scenario: string }
  | { readonly kind: 'copy'; readonly text: string };
