/** Places in a text as editors count them: lines and UTF-16 units from 0. Plain data shared by server, client and view. */

export interface Position {
  readonly line: number;
  readonly character: number;
}

/** `end` is exclusive. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** A range in a file; `file` is an absolute path. */
export interface Location {
  readonly file: string;
  readonly range: Range;
}
